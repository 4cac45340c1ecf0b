import type { Environment } from "../../environments/index.ts";
import { registeredBuildings } from "../generator/buildings.ts";
import { generateCity } from "../generator/index.ts";
import type { Building, GeneratedCity } from "../generator/index.ts";
import { openFile } from "./file.ts";
import type { FileSource } from "./file.ts";
import { generatedReadings, generatedWeather } from "./generated.ts";
import type { Window } from "./generated.ts";
import { readRegister } from "./register.ts";
import type { Kind, Source, TopicTemplates } from "./source.ts";
import type { TimeZoneOption } from "./stamps.ts";
import { addresses } from "./topics.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface SourcesOptions {
  environment: Environment;
  topics: TopicTemplates;
  topic?: string | undefined;
  readings?: "generated" | { file: string } | undefined;
  weather?: "generated" | { file: string } | undefined;
  buildingsFile?: string | undefined;
  timeZone: TimeZoneOption;
  /** Of what is generated; undefined: the span of the file beside it, or the fallback. */
  window: Window | undefined;
  fallback: Window;
  /** Between the generated readings of a meter, milliseconds. */
  step: number;
  seed: number;
  batchSize: number;
}

/**
 * Opens what is to be sent. Readings that are generated beside a weather file respond to that file's temperatures, and to generated
 * ones in its gaps and before its first hour.
 * @returns the sources, and the register of buildings where the load brings one
 */
export async function openSources(
  options: SourcesOptions,
): Promise<{ sources: Source[]; register: readonly Building[] | undefined }> {
  const { environment, topics, readings, weather, seed, timeZone, batchSize } = options;
  const given = options.buildingsFile === undefined ? undefined : await readRegister(options.buildingsFile);
  const toTopics = addresses(environment, topics, given ?? [], options.topic);
  const accepted = { from: Date.parse(environment.ingestion.acceptFrom), to: Date.now() + dayMs };

  async function file(kind: Kind, origin: SourcesOptions["readings"]): Promise<FileSource | undefined> {
    if (origin === undefined || origin === "generated") return undefined;
    return openFile({ file: origin.file, kind, addresses: toTopics, timeZone, batchSize, accepted });
  }
  const weatherFile = await file("weather", weather);
  const readingsFile = await file("readings", readings);
  const window = options.window ?? spanOf(weatherFile ?? readingsFile) ?? options.fallback;

  const cities = environment.cities.map((city): GeneratedCity =>
    generateCity(city, seed, {
      buildings: given && registeredBuildings(city, given, seed),
      temperature: weatherFile?.temperature(city.siteId),
    }),
  );
  const generated = {
    cities,
    addresses: toTopics,
    window,
    step: options.step,
    batchSize,
    identity: [seed, weatherFile?.identity],
  };
  const sources = [
    weatherFile ?? (weather === undefined ? undefined : generatedWeather(generated)),
    readingsFile ?? (readings === undefined ? undefined : generatedReadings(generated)),
  ].filter((source) => source !== undefined);
  const common = [environment.cities, topics, options.topic, given];
  for (const source of sources) source.identity = [common, source.identity];
  const register = given ?? (readings === "generated" ? cities.flatMap(({ buildings }) => buildings) : undefined);
  return { sources, register };
}

/** From a file's first stamp to its last, the last included; nothing where it has no stamp that counts. */
function spanOf(file: FileSource | undefined): Window | undefined {
  if (file === undefined) return undefined;
  const { first, last } = file.span;
  if (last < first) return { from: 0, to: 0 };
  return { from: Math.ceil(first / minuteMs) * minuteMs, to: last + minuteMs };
}
