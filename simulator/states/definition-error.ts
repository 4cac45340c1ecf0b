/** A definition that the simulator cannot run as declared; the message names the state and the field. */
export class DefinitionError extends Error {
  constructor(state: string | undefined, message: string) {
    super(state === undefined ? message : `state "${state}": ${message}`);
    this.name = "DefinitionError";
  }
}
