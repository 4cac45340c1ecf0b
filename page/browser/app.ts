import type { Dashboards } from "../api.ts";
import "./app.css";

const app = document.querySelector("#app");
const { environment, dashboards } = (await (await fetch("/api/dashboard")).json()) as Dashboards;
const heading = document.createElement("h1");
heading.textContent = `metercast ${environment}`;
const list = document.createElement("ul");
for (const { name, dataSets } of dashboards) {
  const item = document.createElement("li");
  const ready = Object.values(dataSets).filter(({ state }) => state === "ready").length;
  item.textContent = `${name}: ${ready} of ${Object.keys(dataSets).length} data sets are there`;
  list.append(item);
}
app?.replaceChildren(heading, list);
