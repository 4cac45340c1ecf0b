import { z } from "zod";

type Kinds = Readonly<Record<string, z.ZodType>>;

/** What has exactly one of several keys, as QuickSight says of which kind something is. */
export type OneOf<K extends Kinds> = { [Name in keyof K]?: z.output<K[Name]> };

/** A key that is not among them is an error that names it, as are two keys or none. */
export function oneOf<const K extends Kinds>(kinds: K) {
  const names = Object.keys(kinds);
  const shape = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, type.optional()]));
  return z.strictObject(shape).superRefine((value, context) => {
    const written = Object.keys(value);
    if (written.length === 1) return;
    context.addIssue(
      `it must be one of ${names.join(", ")}, and is ${written.length === 0 ? "none" : written.join(" and ")}`,
    );
  }) as unknown as z.ZodType<OneOf<K>>;
}
