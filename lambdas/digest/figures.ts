/** What a digest tells, before it is put into words. */
export interface DigestFigures {
  /** The local day that it tells of, YYYY-MM-DD; undefined where there are no readings at all. */
  day: string | undefined;
  /** The day that it was asked for: yesterday. */
  asked: string;
  use: UseFigure[];
  expected: ExpectedFigure[];
  /** The furthest first. */
  mostOff: OffFigure[];
  silent: SilentFigure[];
}

export interface Series {
  building: number;
  meter: number;
  city: string;
  primaryUse: string | undefined;
}

export interface UseFigure {
  city: string;
  meter: number;
  use: number;
  /** Hours of the day that have a reading, of the meter that has the most. */
  hours: number;
  /** Of the same weekday a week before; undefined where it is not known. */
  weekBefore: { use: number; hours: number } | undefined;
  buildings: number;
}

export interface ExpectedFigure {
  city: string;
  meter: number;
  expected: number;
  /** Epoch ms: the first predicted hour, and the end of the last. */
  from: number;
  to: number;
}

export interface OffFigure extends Series {
  measured: number;
  expected: number;
  /** Mean of |ln(1 + expected) - ln(1 + measured)| over the hours of the day. */
  error: number;
  hours: number;
}

export interface SilentFigure extends Series {
  /** Epoch ms: end of its last hour with a reading. */
  since: number;
  hours: number;
}
