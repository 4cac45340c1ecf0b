import { loadEnvironment } from "../environments/index.ts";
import { evaluate, check } from "./index.ts";
import { costReport, byPrice } from "./cost/index.ts";
for (const n of ["dev","prod"]) {
  const e = loadEnvironment(`environments/${n}.yaml`);
  const { graph } = await evaluate(e);
  console.log(check(graph).map(p=>p.message));
  const r = costReport(graph, e);
  for (const l of byPrice(r.month)) console.log(l.service.padEnd(28), l.what.padEnd(40), l.quantity.toPrecision(4), l.unit, l.dollars.toFixed(3));
  console.log(r.month.dollars, r.assumptions, r.notes);
}
