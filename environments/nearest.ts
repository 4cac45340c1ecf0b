import { distance } from "fastest-levenshtein";

/** The candidate that `word` is most likely a slip of, compared without case; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const tolerated = Math.max(1, Math.min(4, Math.floor(word.length * 0.4)));
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits <= tolerated && edits < (best?.edits ?? Infinity)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** `; did you mean x?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined || candidate === word ? "" : `; did you mean ${candidate}?`;
}
