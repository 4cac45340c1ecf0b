/**
 * The ComponentResources of which the program is combined: the data lake, the device registry, and the ways of
 * readings, weather and of what is not stored. In each folder the plan is plain data, made by pure functions, apart
 * from the component that declares it.
 */

export { LeftOut } from "./ingestion/left-out.ts";
export { MeterIngestion } from "./ingestion/meter-ingestion.ts";
export { WeatherIngestion } from "./ingestion/weather-ingestion.ts";
export { DataLake } from "./lake/data-lake.ts";
export { environmentTags, tagging } from "./naming/tags.ts";
export { DeviceRegistry } from "./registry/device-registry.ts";
