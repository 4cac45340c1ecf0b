/** What becomes of a property in CloudFormation. */
export type Field = {
  /** Its place there; a dot goes one level down: "BufferingHints.SizeInMBs". */
  to: string;
  /** Its own properties, where it is an object or a list of objects. */
  fields?: Fields;
  /** Its value there, where that is another. */
  convert?: (value: unknown) => unknown;
};

/** By property; "none" for one that CloudFormation says in another way, or does by itself. */
export type Fields = Readonly<Record<string, Field | "none">>;

/** The counterpart of a resource type. */
export interface Counterpart {
  /** Type in CloudFormation. */
  type: string;
  fields: Fields;
  /** Properties that it has there and not here. */
  also?: Readonly<Record<string, unknown>>;
}

/** A property for which nobody has decided where it belongs: left out, it would look as if it had been checked. */
export class MappingError extends Error {
  override readonly name = "MappingError";
}

/**
 * A resource's inputs as the Properties of its counterpart.
 *
 * @throws MappingError for a property that has no place.
 */
export function properties(inputs: Record<string, unknown>, { type, fields, also }: Counterpart): object {
  const result: Record<string, unknown> = structuredClone({ ...also });
  place(inputs, fields, type, result);
  return result;
}

function place(value: object, fields: Fields, where: string, result: Record<string, unknown>): void {
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined) {
      throw new MappingError(
        `${where}: nobody has decided where "${name}" belongs in CloudFormation: add it to engine/validators/counterparts.ts`,
      );
    }
    if (field !== "none") put(result, field.to.split("."), placed(inner, field, `${where}.${name}`));
  }
}

function placed(value: unknown, { fields, convert }: Field, where: string): unknown {
  if (convert !== undefined) return convert(value);
  if (Array.isArray(value)) return value.map((inner) => placed(inner, { to: "", ...(fields && { fields }) }, where));
  if (fields === undefined || typeof value !== "object" || value === null) return value;
  const result = {};
  place(value, fields, where, result);
  return result;
}

function put(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) object[name] = value;
  else put((object[name] ??= {}) as Record<string, unknown>, rest, value);
}

/** An object of our properties as a value there, for {@link Field.convert}. */
export function converted(fields: Fields, where: string): (value: unknown) => unknown {
  return (value) => placed(value, { to: "", fields }, where);
}
