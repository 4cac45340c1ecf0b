/** A process that evaluates the program for one environment, and says how many milliseconds that took by itself. */
import { evaluate } from "@metercast/graph";

const start = performance.now();
await evaluate(String(process.argv[2]));
const milliseconds = performance.now() - start;
process.send?.(milliseconds, () => process.exit());
