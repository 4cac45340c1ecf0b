/** Where something is in a document: map keys and list indices from the root. */
export type Path = readonly (string | number)[];

/** `cities[1].meterTypes[0]`; a key that is no plain word is quoted: `tags["cost center"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of plain data; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isMap(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A value of a document and where it is. */
export interface Place<T = unknown> {
  path: Path;
  value: T;
}

/**
 * Every value of plain data at a path like `cities.*.meterTypes.*`, in document order; `*` stands for each element of a
 * list. Whatever is absent or of another shape is passed over, so that a check sees what there is of a faulty document.
 */
export function places(root: unknown, pattern: string): Place[] {
  let found: Place[] = [{ path: [], value: root }];
  for (const step of pattern.split(".")) {
    found = found.flatMap(({ path, value }): Place[] => {
      if (step === "*") {
        return Array.isArray(value)
          ? value.map((element: unknown, index) => ({ path: [...path, index], value: element }))
          : [];
      }
      return isMap(value) && Object.hasOwn(value, step) ? [{ path: [...path, step], value: value[step] }] : [];
    });
  }
  return found;
}

/** The places of a pattern that hold text. */
export function texts(root: unknown, pattern: string): Place<string>[] {
  return places(root, pattern).filter((place): place is Place<string> => typeof place.value === "string");
}
