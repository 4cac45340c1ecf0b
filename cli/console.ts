/** Where a command writes: results to `out`, everything else to `error`. */
export interface Console {
  out: (text: string) => void;
  error: (text: string) => void;
}
