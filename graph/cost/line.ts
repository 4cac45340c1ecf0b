import type { Resource } from "../graph.ts";
import { nameOf } from "./declared.ts";
import { prices, type Confidence, type PriceName } from "./prices.ts";

/** One position of a bill. */
export interface CostLine {
  price: PriceName;
  service: string;
  what: string;
  /** Id in the graph; null for what no resource declares: the account's message broker. */
  resource: string | null;
  /** Its physical name; empty without a resource. */
  name: string;
  /** In units of the price. */
  quantity: number;
  unit: string;
  /** US dollars for one unit. */
  unitPrice: number;
  dollars: number;
  confidence: Confidence;
  /** Whether it comes with messages, so that more of them cost more; otherwise with time. */
  withMessages: boolean;
}

export function line(price: PriceName, resource: Resource | null, quantity: number, withMessages = true): CostLine {
  const { service, what, unit, dollars, confidence } = prices[price];
  return {
    price,
    service,
    what,
    resource: resource?.id ?? null,
    name: resource === null ? "" : nameOf(resource),
    quantity,
    unit,
    unitPrice: dollars,
    dollars: quantity * dollars,
    confidence,
    withMessages,
  };
}
