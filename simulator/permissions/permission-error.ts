/** Something cannot go on since a role does not allow it; the message names role, action and resource. */
export class PermissionError extends Error {
  override readonly name = "PermissionError";
}
