/**
 * Actions that AWS's guides ask for in a role, and that nothing on this machine can need, with the reason. A role
 * without one is told about, and what it does goes on.
 */
export const unneeded: ReadonlyMap<string, string> = new Map([
  ["lambda:GetFunctionConfiguration", "a function's timeout is read from its declaration, not asked of Lambda"],
  ["s3:AbortMultipartUpload", "an object is written in one piece, so no upload in parts is ever given up"],
  ["s3:GetObject", "no delivery reads an object back"],
  ["s3:ListBucketMultipartUploads", "an object is written in one piece, so there are no uploads in parts to look for"],
]);
