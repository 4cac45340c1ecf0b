import { asciiJson } from "./ascii-json.ts";
import { localCalendar } from "./calendar.ts";
import { addedColumns, derivedColumns, optionalColumns, requiredColumns } from "./columns.ts";
import { holidayCalendar } from "./config.ts";
import type { City, TransformConfig } from "./config.ts";
import type { Attributes } from "./validate.ts";

/** What the rows of one record have in common. */
export interface RowSource {
  /** Firehose's: letters and digits. */
  recordId: string;
  received: number;
  /** The city that the topic names. */
  city: City | undefined;
}

/** Writes the row of a good element as a line of JSON in ASCII. Null and absent values are left out. */
export type WriteRow = (attributes: Attributes, position: number) => string;

/** Makes the writer of one record's rows. */
export function compileRows(config: TransformConfig): (source: RowSource) => WriteRow {
  const writeAttributes = attributeWriter(config);
  const writeCity = config.pipeline === "weather" ? weatherCity(config) : readingCity(config);
  return ({ recordId, received, city }) => {
    const end = `"received":${received},"record_id":"${recordId}","position":`;
    return (attributes, position) =>
      "{" + writeAttributes(attributes) + writeCity(attributes, city) + end + position + "}\n";
  };
}

/** The columns that come from the message, each followed by a comma. */
function attributeWriter(config: TransformConfig): (attributes: Attributes) => string {
  const types = {
    ...requiredColumns[config.pipeline],
    ...optionalColumns[config.pipeline],
    ...addedColumns(config.pipeline, config.activities),
  };
  const columns = config.columns
    .filter((name) => Object.hasOwn(types, name) && !derivedColumns[config.pipeline].includes(name))
    .map((name) => ({ name, key: `${asciiJson(name)}:`, text: types[name] === "string" }));
  return (attributes) => {
    let row = "";
    for (const { name, key, text } of columns) {
      const value = attributes[name];
      // A checked number column holds a finite number, whose JSON is its JavaScript text.
      if (value !== undefined && value !== null) row += key + (text ? textValue(value) : (value as number)) + ",";
    }
    return row;
  };
}

function textValue(value: unknown): string {
  return asciiJson(typeof value === "string" ? value : JSON.stringify(value));
}

type WriteCity = (attributes: Attributes, city: City | undefined) => string;

function readingCity(config: TransformConfig): WriteCity {
  const names = new Map(config.cities.map((city) => [city, cityColumn(city)]));
  return (_attributes, city) => (city === undefined ? "" : (names.get(city) ?? ""));
}

/** An observation is of its site, whatever topic it came by: it joins with the readings on `site_id`. */
function weatherCity(config: TransformConfig): WriteCity {
  const bySite = new Map<unknown, City>(config.cities.map((city) => [city.siteId, city]));
  const places = new Map(
    config.cities.map((city) => [
      city,
      { name: cityColumn(city), local: localCalendar(city.timeZone, config.holidays[holidayCalendar(city)] ?? []) },
    ]),
  );
  return (attributes, topicCity) => {
    const city = bySite.get(attributes["site_id"]) ?? topicCity;
    const place = city && places.get(city);
    if (place === undefined) return "";
    const { hour, weekday, week, month, is_holiday } = place.local(attributes["timestamp"] as number);
    const holiday = is_holiday === null ? "" : `"is_holiday":${is_holiday},`;
    return `${place.name}"hour":${hour},"weekday":${weekday},"week":${week},"month":${month},${holiday}`;
  };
}

function cityColumn(city: City): string {
  return `"city":${asciiJson(city.name)},`;
}
