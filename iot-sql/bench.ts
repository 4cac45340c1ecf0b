/**
 * How many messages are evaluated in a second of processor time, that of garbage collection included, next to JSON.parse
 * and JSON.stringify: `node iot-sql/bench.ts`
 */
import { compileExpression, compileStatement } from "./index.ts";

const reading =
  '{"building_id":1369,"meter":2,"timestamp":1544065200000,"meter_reading":63.1,"quality":"as measured, kWh"}';
const topics = Array.from({ length: 16 }, (_, city) => `metercast/dev/City-${city}/meter/electricity`);
const warmUp = 200_000;

function messageOf(payload: string): { payload: Buffer; topic: string; received: number; clientId: string } {
  return { payload: Buffer.from(payload), topic: "", received: 1_700_000_000_000, clientId: "gateway-17" };
}

function measure(name: string, run: () => unknown, count = 1_000_000): void {
  for (let index = 0; index < warmUp; index++) run();
  const start = process.cpuUsage();
  for (let index = 0; index < count; index++) run();
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  console.log(
    `${name.padEnd(52)}${Math.round(count / seconds)
      .toLocaleString("en-US")
      .padStart(12)} /s`,
  );
}

function measureStatement(name: string, sql: string, payload = reading): void {
  const statement = compileStatement(sql);
  const message = messageOf(payload);
  measure(name, () => {
    message.topic = topics[message.received++ % topics.length] ?? "";
    return statement.matchesTopic(message.topic) ? statement.evaluate(message) : undefined;
  });
}

const from = "FROM 'metercast/dev/+/meter/electricity'";
const columns = `SELECT building_id, meter, timestamp, meter_reading ${from}`;

console.log(`payload: ${reading.length} bytes`);
const payload = Buffer.from(reading);
measure("JSON.stringify(JSON.parse(...)), for comparison", () => JSON.stringify(JSON.parse(payload.toString())));
measureStatement(
  "the default rule",
  `SELECT encode(*, 'base64') AS payload, topic() AS topic, clientid() AS client, timestamp() AS received ${from}`,
);
measureStatement("columns", columns);
measureStatement("columns, a reading of 16 digits", columns, reading.replace("63.1", "63.12345678901234"));
measureStatement("columns, a reading of 22 digits", columns, reading.replace("63.1", "63.12345678901234567891"));
measureStatement("SELECT *", `SELECT * ${from}`);
measureStatement("SELECT * with a WHERE of arithmetic", `SELECT * ${from} WHERE meter_reading * 3.412 > 100`);
const attributes = { building_id: 1369, meter_reading: 63.1 };
const filter = compileExpression("building_id <> 1099");
measure("a pipeline's filter", () => filter.evaluate(attributes), 10_000_000);
const math = compileExpression("meter_reading * 3.412");
measure("a pipeline's math", () => math.evaluate(attributes), 10_000_000);
