import type { City, Pipeline } from "../transform/config.ts";

/** Contents of the `config.json` of the left_out stream's transform. */
export interface LeftOutConfig {
  environment: string;
  /** Which pipeline each topic rule feeds, by the rule's name. */
  rules: Record<string, Pipeline>;
  cities: City[];
}
