// Reads the `loaded` event of a smoke run and fails unless every element that was sent is accounted for.
import { text } from "node:stream/consumers";

const loaded = JSON.parse(await text(process.stdin));
for (const kind of ["readings", "weather"]) {
  const { sent, stored, dropped, rejected } = loaded[kind];
  console.log(`${kind}: sent ${sent}, stored ${stored}, dropped ${dropped}, rejected ${rejected}`);
  if (loaded.event !== "loaded" || sent === 0 || sent !== stored + dropped + rejected) {
    throw new Error(`the ends of the ${kind} do not add up to what was sent`);
  }
}
