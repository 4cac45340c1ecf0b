/** What of the package the tests use; it has no declarations of its own. */
declare module "asl-validator" {
  export default function validate(definition: object): Promise<{ isValid: boolean; errors: unknown[] }>;
}
