import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rmSync } from "node:fs";
import type { Graph } from "@metercast/graph";
import { diskFull, type DataFolder } from "./data-folder.ts";
import { HttpEndpoint, type Answer } from "./broker/http.ts";
import { DevicePolicies } from "./broker/device-policy.ts";
import { EmailApi } from "./broker/email-api.ts";
import { MqttBroker } from "./broker/mqtt.ts";
import { refusesPut, type PutRequest } from "./broker/put-records.ts";
import { StatesApi } from "./broker/states-api.ts";
import { readGraph, type Declared } from "./declared/index.ts";
import { AthenaService } from "./athena/index.ts";
import { AthenaApi } from "./broker/athena-api.ts";
import { athenaIntegrations } from "./states/integrations/athena.ts";
import { DeliveryThread } from "./delivery/delivery-thread.ts";
import { AsynchronousInvocations } from "./lambda/asynchronous.ts";
import { Invocations } from "./lambda/invocations.ts";
import type { Lock } from "./lock.ts";
import { entryKinds, type EntryKind } from "./log/entry.ts";
import { LogWriter } from "./log/writer.ts";
import { Emails, type Email } from "./notifications/emails.ts";
import { Notifications, type Notification } from "./notifications/notifications.ts";
import { ProcessingJobs } from "./processing/processing-jobs.ts";
import { athenaSelect } from "./quicksight/athena-select.ts";
import { Dashboards } from "./quicksight/dashboards.ts";
import { Ingestions } from "./quicksight/ingestions.ts";
import { Page, type PageOptions } from "./quicksight/page.ts";
import { taskTarget, trafficKeys } from "./quicksight/services.ts";
import { Spice } from "./quicksight/spice.ts";
import { quicksightIntegrations } from "./states/integrations/quicksight.ts";
import { sagemakerProcessing } from "./states/integrations/sagemaker-processing.ts";
import { snsPublish } from "./states/integrations/sns-publish.ts";
import { ObjectStore, putDeclaredObjects, S3Endpoint } from "./s3/index.ts";
import { Permissions, sentenceOf, type Decision } from "./permissions/index.ts";
import { Scheduler, type ScheduleTime } from "./scheduler/scheduler.ts";
import { counters, Traffic } from "./traffic.ts";
import {
  Executions,
  ExecutionStore,
  lambdaInvoke,
  lambdaResource,
  readMachines,
  realClock,
  StatesRefusal,
  type Execution,
  type ExecutionEvent,
  type Integration,
  type Json,
} from "./states/index.ts";

export interface SimulatorOptions {
  graph: Graph;
  folder: DataFolder;
  /** The right to the folder; the simulator publishes its address in it, and gives it up when it closes. */
  lock: Lock;
  /** 0: any that is free; undefined: no broker and no schedules, only what is in the log is finished. */
  mqttPort: number | undefined;
  /** 0: any that is free. */
  httpPort: number;
  /**
   * The share of a declared buffer interval, and of a state machine's waits, that is waited, so that a run takes seconds.
   * Default 1/12.
   */
  timeScale?: number;
  /** Gets a sentence for what a person should know: a refused message, a role that does not allow what it should. */
  warn: (sentence: string) => void;
  /** The page of the declared dashboards and of the pipeline. @default none */
  page?: PageOptions;
  /** Called with each message that is published to a topic: nothing is sent from this machine. */
  notified?: (notification: Notification) => void;
  /** Called with each e-mail that a function sends: nothing leaves this machine. */
  emailed?: (email: Email) => void;
  /** The folder that the paths of declared images start from. @default the current one */
  project?: string;
  /** The Python that runs the programs of declared images, with the packages that they need. @default the one on the path */
  python?: string;
  /** Called once for each call between resources, allowed or not. */
  decided?: (decision: Decision) => void;
  /** Called with what happens in an execution of a state machine, as it happens. */
  executionEvent?: (event: ExecutionEvent) => void;
  /** Called once when the simulator cannot go on; every acknowledged message is in the log. */
  onFailure: (error: Error) => void;
}

const defaultTimeScale = 1 / 12;

/** How long what runs may go on when the simulator stops. */
const graceMilliseconds = 2000;

/** A graph that runs on this machine: clients publish to it, and its buckets fill. */
export class Simulator {
  readonly #graph: Graph;
  readonly #folder: DataFolder;
  readonly #lock: Lock;
  readonly #log: LogWriter;
  readonly #delivery: DeliveryThread;
  readonly #endpoint: HttpEndpoint;
  readonly #declared: Declared;
  readonly #permissions: Permissions;
  readonly #invocations: Invocations;
  readonly #events: AsynchronousInvocations;
  readonly #objects: S3Endpoint;
  /** The executions of the declared state machines. */
  readonly executions: Executions;
  readonly #states: StatesApi;
  readonly #scheduler: Scheduler;
  readonly #athena: AthenaService;
  readonly #queries: AthenaApi;
  readonly #notifications: Notifications;
  readonly #emails: Emails;
  readonly #emailApi: EmailApi;
  readonly #processingJobs: ProcessingJobs;
  readonly #traffic: Traffic;
  readonly #spice: Spice;
  readonly #ingestions: Ingestions;
  readonly #page: Page | undefined;
  #broker: MqttBroker | undefined;
  #pagePort: number | undefined;
  mqttPort: number | undefined;
  httpPort = 0;

  /**
   * Starts what the graph declares, and what the folder's log still holds.
   *
   * @throws PortError, DeclarationError, PermissionError
   */
  static async start(options: SimulatorOptions): Promise<Simulator> {
    const declared = readGraph(options.graph);
    const decided = (decision: Decision) => {
      options.decided?.(decision);
      if (!decision.allowed) options.warn(sentenceOf(decision));
    };
    const permissions = new Permissions(options.graph, decided);
    let simulator: Simulator | undefined;
    const endpoint = new HttpEndpoint({
      publish: (topic, payload, qos) => found(simulator).#publishOverHttp(topic, payload, qos),
      putRecords: (request) => found(simulator).#putRecords(request),
      invoke: (request) => found(simulator).#invocations.answer(request),
      objects: (...request) => found(simulator).#objects.answer(...request),
      states: (...request) => found(simulator).#states.answer(...request),
      queries: (...request) => found(simulator).#queries.answer(...request),
      emails: (...request) => found(simulator).#emailApi.answer(...request),
      flush: () => found(simulator).flush(),
    });
    const httpPort = await endpoint.listen(options.httpPort);
    try {
      simulator = new Simulator(options, endpoint, httpPort, declared, permissions, decided);
      await simulator.#delivery.ready();
      if (options.mqttPort !== undefined) {
        await simulator.#listen(options.mqttPort, options.warn);
        simulator.#scheduler.run();
      }
      await simulator.#openPage();
      options.lock.publish({ http: simulator.http, mqtt: simulator.mqtt });
      return simulator;
    } catch (error) {
      await (simulator ? simulator.#end() : endpoint.close());
      throw asFolderError(error as Error, options.folder);
    }
  }

  private constructor(
    options: SimulatorOptions,
    endpoint: HttpEndpoint,
    httpPort: number,
    declared: Declared,
    permissions: Permissions,
    decided: (decision: Decision) => void,
  ) {
    this.#graph = options.graph;
    this.#folder = options.folder;
    this.#lock = options.lock;
    this.#endpoint = endpoint;
    this.httpPort = httpPort;
    this.#declared = declared;
    this.#permissions = permissions;
    this.#traffic = new Traffic(trafficKeys(declared));
    const store = new ObjectStore(options.folder, declared.buckets);
    store.removeUnfinished();
    rmSync(options.folder.functionFiles, { recursive: true, force: true }); // of functions that were killed
    putDeclaredObjects(declared.objects, options.folder, store);
    this.#objects = new S3Endpoint(store, options.folder, declared, permissions, options.graph.accountId);
    this.#invocations = new Invocations(declared, permissions, options.graph, options.folder, this.http);
    this.#events = new AsynchronousInvocations({
      invoke: (arn, event) => this.#invocations.invoke(arn, event),
      clock: realClock,
      timeScale: options.timeScale ?? defaultTimeScale,
      warn: options.warn,
      onFailure: (error) => options.onFailure(asFolderError(error, options.folder)),
    });
    this.#athena = new AthenaService({
      graph: options.graph,
      folder: options.folder,
      workgroups: declared.workgroups,
      permissions,
      store,
      flush: () => this.flush(),
    });
    this.#queries = new AthenaApi(this.#athena, store, declared);
    this.#notifications = new Notifications(
      options.folder.notifications,
      declared.topics,
      declared.subscriptions,
      options.notified ?? (() => {}),
    );
    this.#emails = new Emails(
      options.folder.emails,
      declared.emailIdentities,
      options.graph.region,
      options.emailed ?? (() => {}),
    );
    this.#emailApi = new EmailApi(this.#emails, declared, permissions);
    this.#processingJobs = new ProcessingJobs({
      folder: options.folder,
      images: declared.images,
      store,
      permissions,
      place: options.graph,
      project: options.project ?? process.cwd(),
      python: options.python ?? "python3",
    });
    const select = athenaSelect(this.#athena, declared.dataSources, permissions);
    this.#spice = new Spice(options.folder, declared.dataSets.values(), select, (dataSet) => {
      this.#traffic.add(counters.imported);
      this.#page?.imported(dataSet);
    });
    this.#ingestions = new Ingestions(this.#spice, declared.dataSets.values());
    const dashboards = new Dashboards(declared, this.#spice, () => this.#traffic.add(counters.asked));
    this.executions = this.#executionsOf(options, store);
    this.#states = new StatesApi(this.executions);
    this.#scheduler = this.#schedulerOf(options);
    this.#page =
      options.page &&
      new Page(options.page, {
        declared,
        folder: options.folder,
        dashboards,
        athena: this.#athena,
        executions: this.executions,
        notifications: () => this.notifications,
        schedules: () => this.schedules,
        traffic: this.#traffic,
      });
    this.#delivery = new DeliveryThread(
      {
        graph: options.graph,
        dataFolder: options.folder.path,
        endpoint: this.http,
        timeScale: options.timeScale ?? defaultTimeScale,
        traffic: this.#traffic.shared,
      },
      decided,
      (error) => options.onFailure(asFolderError(error, options.folder)),
    );
    this.#log = new LogWriter(
      options.folder.log,
      (end) => this.#delivery.advance(end),
      (error) => options.onFailure(asFolderError(error, options.folder)),
    );
    this.#delivery.advance(this.#log.end);
  }

  #executionsOf(
    { graph, folder, timeScale = defaultTimeScale, executionEvent, onFailure }: SimulatorOptions,
    store: ObjectStore,
  ) {
    const functions = { declared: this.#declared, invocations: this.#invocations, place: graph };
    const all = [
      lambdaInvoke(functions),
      ...athenaIntegrations(this.#athena, store),
      sagemakerProcessing(this.#processingJobs),
      snsPublish(this.#notifications),
      ...quicksightIntegrations(this.#ingestions, graph),
    ];
    const integrations = new Map(all.map((one) => [one.resource, this.#counted(one)]));
    const find = (resource: string) => {
      const called = lambdaResource(functions, resource);
      return integrations.get(resource) ?? (called && this.#counted(called));
    };
    return new Executions({
      machines: readMachines(this.#declared, this.#permissions, find),
      store: new ExecutionStore(folder.executions),
      permissions: this.#permissions,
      place: graph,
      clock: realClock,
      timeScale,
      happened: (event) => {
        this.#noteExecution(event);
        executionEvent?.(event);
      },
      onFailure: (error) => onFailure(asFolderError(error, folder)),
    });
  }

  /** Counts what it is asked. */
  #counted(integration: Integration): Integration {
    return {
      ...integration,
      start: (parameters, task) => {
        const target = taskTarget(this.#declared, integration.resource, parameters);
        if (target !== undefined) this.#traffic.add(counters.task(task.machine.arn, target));
        return integration.start(parameters, task);
      },
    };
  }

  #noteExecution(event: ExecutionEvent): void {
    const machine = this.#declared.machines.find(({ name }) => name === event.machine);
    if (!machine) return;
    if (event.kind === "started") this.#traffic.add(counters.started(machine.arn));
    this.#page?.happened(`${machine.arn.replace(":stateMachine:", ":execution:")}:${event.execution}`, event);
  }

  /** Serves the page, and takes up or imports what its data sets show. */
  async #openPage(): Promise<void> {
    if (!this.#page) return;
    this.#pagePort = await this.#page.listen();
    const imports = hasMoreThanDeclared(this.#folder, this.#declared);
    for (const dataSet of this.#declared.dataSets.values()) void this.#spice.open(dataSet, { imports });
  }

  #schedulerOf({ graph, folder, timeScale = defaultTimeScale, warn, onFailure }: SimulatorOptions) {
    return new Scheduler({
      declared: this.#declared,
      permissions: this.#permissions,
      place: graph,
      clock: realClock,
      timeScale,
      queues: folder.queues,
      start: (request) => this.executions.start(request),
      invoke: (arn, event) => {
        this.#traffic.add(counters.invoked(arn));
        this.#events.take(arn, event);
      },
      warn,
      onFailure: (error) => onFailure(asFolderError(error, folder)),
    });
  }

  get mqtt(): string | undefined {
    return this.mqttPort === undefined ? undefined : `mqtt://127.0.0.1:${this.mqttPort}`;
  }

  get http(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Where a browser finds the page. */
  get page(): string | undefined {
    return this.#pagePort === undefined ? undefined : `http://127.0.0.1:${this.#pagePort}/`;
  }

  /** What was published to the declared topics, the oldest first. */
  get notifications(): Notification[] {
    return this.#notifications.list();
  }

  /** What functions sent as e-mail, the oldest first. */
  get emails(): Email[] {
    return this.#emails.list();
  }

  /** Sentences about rates that AWS would not take. */
  get quotaWarnings(): string[] {
    return [this.#broker?.rates.warning()].filter((sentence) => sentence !== undefined);
  }

  /** The declared schedules, and when each is next. */
  get schedules(): ScheduleTime[] {
    return this.#scheduler.times;
  }

  /**
   * Starts an execution of a declared state machine. `executions` tells how it goes, and how it ended.
   *
   * @param request Name or ARN of the machine; without a name the execution gets one.
   * @throws StatesRefusal as Step Functions refuses
   */
  startExecution({ machine, input = {}, name }: { machine: string; input?: Json; name?: string }): Execution {
    const declared = this.#declared.machines.find((one) => one.name === machine || one.arn === machine);
    if (!declared) {
      const names = this.#declared.machines.map((one) => one.name).join(", ");
      throw new StatesRefusal("StateMachineDoesNotExist", `there is no state machine ${machine}: there are ${names}`);
    }
    return this.executions.start({ machineArn: declared.arn, input: JSON.stringify(input), name });
  }

  /**
   * Resolves when everything that was acknowledged before the call can be queried.
   *
   * @throws DataFolderError, PermissionError
   */
  async flush(): Promise<void> {
    await this.#log.settled();
    try {
      await this.#delivery.flush();
    } catch (error) {
      throw asFolderError(error as Error, this.#folder);
    }
  }

  /** Takes no more messages, delivers what it has, and leaves the folder to the next. */
  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#lock.release();
    }
  }

  /** As `close`, but the folder stays held. */
  async stop(): Promise<void> {
    await this.#broker?.close();
    await this.#scheduler.close();
    await this.executions.close(graceMilliseconds);
    try {
      await this.flush();
    } finally {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    await this.#broker?.close();
    await this.#scheduler.close();
    await this.executions.close(0);
    await this.#page?.close();
    await this.#athena.close();
    await this.#spice.close();
    await this.#delivery.close();
    const given = this.#events.close();
    await this.#invocations.close();
    await given;
    await this.#endpoint.close();
    await this.#log.close();
  }

  async #listen(port: number, warn: (sentence: string) => void): Promise<void> {
    this.#broker = await MqttBroker.create(
      (topic, payload, client, done) => this.#append(entryKinds.mqtt, topic, client, payload, done),
      new DevicePolicies(this.#graph),
      warn,
    );
    this.mqttPort = await this.#broker.listen(port);
  }

  #append(kind: EntryKind, address: string, client: string, payload: Uint8Array, done: (error: Error | null) => void) {
    this.#log.append({ kind, received: Date.now(), address, client, payload }, done);
  }

  #appended(kind: EntryKind, address: string, payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#append(kind, address, "", payload, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #publishOverHttp(topic: string, payload: Uint8Array, qos: 0 | 1): Promise<void> {
    await this.#appended(entryKinds.http, topic, payload);
    this.#broker?.forward(topic, payload, qos);
  }

  async #putRecords(request: PutRequest): Promise<Answer> {
    const refused = refusesPut(request, this.#declared, this.#permissions, this.#graph.accountId);
    if (refused) return refused;
    const { stream, records } = request;
    await Promise.all(records.map((record) => this.#appended(entryKinds.put, stream, record)));
    this.#traffic.add(counters.put(stream), records.length);
    const responses = records.map(() => ({ RecordId: crypto.randomUUID() }));
    return { status: 200, body: { FailedPutCount: 0, RequestResponses: responses, RecordId: responses[0]?.RecordId } };
  }
}

/** Requests come only after the address is known, which is when the simulator is there. */
function found(simulator: Simulator | undefined): Simulator {
  if (!simulator) throw new Error("the simulator is still starting");
  return simulator;
}

/** Whether anything was put into the buckets beside what is declared: there may be rows in the tables. */
function hasMoreThanDeclared(folder: DataFolder, { buckets, objects }: Declared): boolean {
  const declared = new Set(objects.map(({ bucket, key }) => join(bucket, key.split("/", 1)[0] ?? "")));
  return buckets
    .filter((bucket) => existsSync(folder.bucket(bucket)))
    .some((bucket) => readdirSync(folder.bucket(bucket)).some((name) => !declared.has(join(bucket, name))));
}

function asFolderError(error: Error, folder: DataFolder): Error {
  if ((error as NodeJS.ErrnoException).code !== "ENOSPC") return error;
  return diskFull(folder);
}
