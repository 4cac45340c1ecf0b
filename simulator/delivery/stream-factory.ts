import { functionByArn, type Column, type Declared, type DeliveryStream } from "../declared/index.ts";
import type { DataFolder } from "../data-folder.ts";
import { FunctionHost } from "../lambda/function-host.ts";
import type { Permissions } from "../permissions/index.ts";
import { DeliveryLog } from "./delivery-log.ts";
import type { Staging } from "./stage.ts";
import { StreamAccess } from "./stream-access.ts";
import { Stream } from "./stream.ts";

export interface StreamFactoryOptions {
  declared: Declared;
  permissions: Permissions;
  folder: DataFolder;
  region: string;
  /** Where the functions' own AWS calls go. */
  endpoint: string;
  /** The share of a declared buffer interval that is waited here. */
  timeScale: number;
}

/** Makes the delivery streams of a graph run, with the functions that they send their records through. */
export class StreamFactory {
  readonly #options: StreamFactoryOptions;
  readonly #hosts = new Map<string, FunctionHost>();

  constructor(options: StreamFactoryOptions) {
    this.#options = options;
  }

  create(stream: DeliveryStream, stage: Staging): Stream {
    const { declared, permissions, folder, region, timeScale } = this.#options;
    const log = new DeliveryLog(stream, permissions, folder);
    return new Stream({
      declared: stream,
      stage,
      host: this.#hostFor(stream),
      access: new StreamAccess(stream, permissions, log),
      log,
      columns: columnsFor(declared, stream),
      region,
      timeScale,
      now: Date.now,
    });
  }

  /** Ends the functions. */
  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  #hostFor(stream: DeliveryStream): FunctionHost | undefined {
    if (!stream.transform) return undefined;
    const { declared, permissions, folder, region, endpoint } = this.#options;
    const { functionArn } = stream.transform;
    const declaredFunction = functionByArn(declared, functionArn);
    if (!declaredFunction)
      throw new Error(`The delivery stream ${stream.name} names a function that is not declared: ${functionArn}`);
    let host = this.#hosts.get(declaredFunction.arn);
    if (!host) {
      host = new FunctionHost(declaredFunction, permissions, folder, region, endpoint);
      this.#hosts.set(declaredFunction.arn, host);
    }
    return host;
  }
}

function columnsFor(declared: Declared, { name, conversion }: DeliveryStream): readonly Column[] {
  if (!conversion) return [];
  const table = declared.tables.find((one) => one.database === conversion.database && one.name === conversion.table);
  if (table) return table.columns;
  throw new Error(
    `The delivery stream ${name} converts by a table that is not declared: ${conversion.database}.${conversion.table}`,
  );
}
