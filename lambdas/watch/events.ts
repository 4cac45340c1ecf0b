import type { Run } from "../plan/events.ts";
import type { MeterType } from "./meter-types.ts";

export interface WatchEvent {
  run: Run;
}

/** RMSLE over all meter types and per type, of those that have readings to compare with. */
export type Rmsle = { overall?: number } & Partial<Record<MeterType, number>>;

export interface Watched {
  /** Whether a meter type's latest week is past the threshold. */
  drifted: boolean;
  /** Of the notification; empty where nothing has drifted. At most 100 ASCII characters, as SNS has it. */
  subject: string;
  message: string;
  rmsle: Rmsle;
  /** Rows that the run predicted. */
  rows: number;
}
