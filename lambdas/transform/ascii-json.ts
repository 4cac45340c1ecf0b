/**
 * JSON text in ASCII only, other characters escaped: base64 of such text needs no UTF-8 step, which is most of its
 * cost in the path that every reading takes.
 */
export function asciiJson(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
