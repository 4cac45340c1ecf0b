/** An element of an answer: its text, its elements, or one for each of a list. */
export type Content = string | number | boolean | undefined | Elements | readonly Content[];

export interface Elements {
  [name: string]: Content;
}

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** A document as S3 answers. */
export function documentOf(root: string, content: Elements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${elements(content)}</${root}>`;
}

/** An error as S3 answers: without its namespace. */
export function errorDocument(content: Elements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements(content)}</Error>`;
}

function elements(content: Elements): string {
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join("");
}

function element(name: string, value: Content): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return (value as readonly Content[]).map((one) => element(name, one)).join("");
  const inner = typeof value === "object" ? elements(value as Elements) : escaped(String(value));
  return `<${name}>${inner}</${name}>`;
}

// control characters are written as references, without which a reader of XML drops or changes them
function escaped(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`);
}

/** The texts of the elements of a name, in a document without attributes, comments or CDATA: what AWS's SDKs write. */
export function textsOf(name: string, document: string): string[] {
  return [...document.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) =>
    unescaped(text as string),
  );
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex?: string, decimal?: string, named?: string) => {
      if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return entities[named ?? ""] ?? whole;
    },
  );
}
