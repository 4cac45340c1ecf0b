import { z } from "zod";

/** A string that `fault` finds nothing wrong with; what it says becomes the problem's message. */
export function checkedText(fault: (text: string) => string | undefined) {
  return z.string().refine((text) => fault(text) === undefined, { error: ({ input }) => fault(String(input)) });
}
