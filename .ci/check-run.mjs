// Reads the events of a smoke run and fails unless every element that was sent is accounted for, and predictions were made.
import { text } from "node:stream/consumers";

const events = (await text(process.stdin))
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line));
const named = (name) => {
  const found = events.find(({ event }) => event === name);
  if (!found) throw new Error(`the run did not say "${name}"`);
  return found;
};

const loaded = named("loaded");
for (const kind of ["readings", "weather"]) {
  const { sent, stored, dropped, rejected } = loaded[kind];
  console.log(`${kind}: sent ${sent}, stored ${stored}, dropped ${dropped}, rejected ${rejected}`);
  if (sent === 0 || sent !== stored + dropped + rejected) {
    throw new Error(`the ends of the ${kind} do not add up to what was sent`);
  }
}

const { rows, window, rmsle, elapsedSeconds } = named("predicted");
console.log(`predicted: ${rows} hours, ${window.from} to ${window.to}, RMSLE ${rmsle.overall}, in ${elapsedSeconds} s`);
if (!(rows > 0 && rmsle.overall > 0 && rmsle.overall < 2))
  throw new Error("the predictions are not what they should be");
