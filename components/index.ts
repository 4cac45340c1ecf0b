/**
 * The ComponentResources of which the program is combined: the data lake, the device registry, the ways of readings,
 * weather and of what is not stored, the runs that make datasets and predictions of them, and the dashboard. In each folder the plan is plain data, made by pure functions, apart
 * from the component that declares it.
 */

export { Dashboard } from "./dashboard/dashboard.ts";
export { refreshedDataSets } from "./dashboard/refresh.ts";
export { DatasetRefresh } from "./inference/dataset-refresh.ts";
export { InferenceSchedule } from "./inference/inference-schedule.ts";
export { modelPlan } from "./inference/model-plan.ts";
export { Notifications } from "./inference/notifications.ts";
export { Timetable } from "./inference/timetable.ts";
export { LeftOut } from "./ingestion/left-out.ts";
export { MeterIngestion } from "./ingestion/meter-ingestion.ts";
export { WeatherIngestion } from "./ingestion/weather-ingestion.ts";
export { DataLake } from "./lake/data-lake.ts";
export { makesDatasets } from "./lake/made-tables.ts";
export { environmentTags, tagging } from "./naming/tags.ts";
export { DeviceRegistry } from "./registry/device-registry.ts";
