/**
 * Makes sample data or reads files, and publishes them at a target's pace: to a simulator or to a deployed environment. A load that was
 * interrupted goes on where it stopped.
 */

export { LoadError } from "./errors.ts";
export { defaultSeed, defaultStepMinutes, defaultWindow, load, registerKey } from "./load.ts";
export type { LoadOptions, LoadReport, Origin } from "./load.ts";
export { deployedTarget } from "./publish/deployed.ts";
export type { DeployedTargetOptions, Transport } from "./publish/deployed-target.ts";
export type { Thing } from "./publish/certificates.ts";
export { mqttTarget } from "./publish/mqtt-target.ts";
export type { MqttTargetOptions } from "./publish/mqtt-target.ts";
export { PublishError } from "./publish/target.ts";
export type { Target } from "./publish/target.ts";
export type { KindProgress, ProgressSink } from "./publish/deliver.ts";
export { SourceError } from "./sources/source.ts";
export type { Kind, LeftOut, TopicTemplates } from "./sources/source.ts";
export type { Window } from "./sources/generated.ts";
export { progressBar } from "./progress.ts";
export { kindOfFile } from "./sources/file.ts";
export type { TimeZoneOption } from "./sources/stamps.ts";
