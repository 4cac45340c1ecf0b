export { LeftOut } from "./ingestion/left-out.ts";
export { MeterIngestion } from "./ingestion/meter-ingestion.ts";
export { WeatherIngestion } from "./ingestion/weather-ingestion.ts";
export { DataLake } from "./lake/data-lake.ts";
export { environmentTags, tagging } from "./naming/tags.ts";
export { DeviceRegistry } from "./registry/device-registry.ts";
