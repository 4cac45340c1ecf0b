import type * as pulumi from "@pulumi/pulumi";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { accountId, type Declaration } from "./declaration.ts";
import { GraphError } from "./graph-error.ts";
import type { Evaluation, Resource } from "./graph.ts";
import { answerInvoke } from "./invokes.ts";
import { formOutputs } from "./outputs.ts";
import { remoteOutputs, withProjectPaths } from "./remote-components.ts";
import { asSecret, plain, secretText, withoutResources } from "./values.ts";

type Callback = (error: Error | null, response?: unknown) => void;

/** A registered resource, with what only the recorder needs to know. */
interface Registration {
  resource: Resource;
  /** The types from the outermost component inwards, as a URN names them. */
  qualifiedType: string;
  urn: string;
  referenceUrns: Set<string>;
}

export interface Target {
  project: string;
  stack: string;
  region: string;
}

const stackType = "pulumi:pulumi:Stack";

/** Takes the engine's place: answers each registration and keeps it. */
export class Recorder {
  /** What went wrong first is the cause of the rest. */
  readonly failures: unknown[];
  /** By type: the names of the inputs and outputs that its class has. */
  readonly declaredOutputs = new Map<string, ReadonlySet<string>>();
  private readonly target: Target;
  private readonly registrations = new Map<string, Registration>();
  private readonly assets = new Map<string, Uint8Array>();
  private stackUrn = "";
  private stackOutputs: Record<string, unknown> = {};

  constructor(target: Target, failures: unknown[]) {
    this.target = target;
    this.failures = failures;
  }

  /** For Pulumi's mock monitor: answers the calls of the provider's functions. */
  mocks(): pulumi.runtime.Mocks {
    return {
      call: ({ token, inputs }) =>
        this.noting(() => answerInvoke(token, inputs as Record<string, unknown>, this.target.region)),
      newResource: () => {
        throw new GraphError("a registration passed by the recorder");
      },
    };
  }

  /** The engine's methods, to put over those of Pulumi's mock monitor. */
  methods(): object {
    return {
      registerResource: (request: RegisterResourceRequest, callback: Callback) =>
        this.answer(callback, () => this.register(request)),
      registerResourceOutputs: (request: RegisterResourceOutputsRequest, callback: Callback) =>
        this.answer(callback, () => this.registerOutputs(request)),
      readResource: (request: ReadResourceRequest, callback: Callback) =>
        this.answer(callback, () => {
          const [type, resource] = [request.getType(), request.getName()];
          throw new GraphError(
            `${type} "${resource}": the program reads an existing resource (${request.getId()}), which only an account has: ` +
              `declare it, or pass its properties in the environment`,
            { type, resource },
          );
        }),
    };
  }

  /** Everything registered; to be called when nothing is pending any more. */
  evaluation(): Evaluation {
    const resources = [...this.registrations.values()].map(({ resource, urn, referenceUrns }) => ({
      ...resource,
      references: [...referenceUrns]
        .filter((reference) => reference !== urn && reference !== this.stackUrn)
        .map((reference) => this.registered(reference).resource.id)
        .sort(),
    }));
    return {
      graph: {
        format: 1,
        ...this.target,
        accountId,
        resources: resources.sort((a, b) => (a.id < b.id ? -1 : 1)),
        outputs: this.stackOutputs,
      },
      assets: this.assets,
    };
  }

  /** Runs `work`; an error is kept as a failure of the program before it is passed on. */
  noting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.failures.push(error);
      throw error;
    }
  }

  has({ type, name }: { type: string; name: string }): boolean {
    return [...this.registrations.values()].some(({ resource }) => resource.type === type && resource.name === name);
  }

  private answer(callback: Callback, work: () => unknown): void {
    let response: unknown;
    try {
      response = this.noting(work);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    callback(null, response);
  }

  private register(request: RegisterResourceRequest): unknown {
    const [type, name] = [request.getType(), request.getName()];
    if (type === stackType) {
      this.stackUrn = this.urn(type, name);
      return registered(this.stackUrn, "", {});
    }
    const about = { type, resource: name };
    if (request.getTransformsList().length > 0) {
      throw new GraphError(
        `${type} "${name}": transforms are run by the engine only, so that the graph would lack what they change: use transformations`,
        about,
      );
    }
    const parent = request.getParent() === this.stackUrn ? undefined : this.registered(request.getParent());
    const qualifiedType = parent === undefined ? type : `${parent.qualifiedType}$${type}`;
    const urn = this.urn(qualifiedType, name);
    if (this.registrations.has(urn)) {
      throw new GraphError(
        `${type} "${name}" is declared twice: the names of one type under one kind of parent must differ`,
        about,
      );
    }
    const custom = request.getCustom();
    const given = wire(request.getObject());
    const state = asRecord(withoutResources(given, (reference, id) => (id === "" ? reference : id)));
    const inputs = asRecord(
      this.naming(about, () => (custom ? plain(state, this.assets) : plain(this.withReferences(given), this.assets))),
    );
    const resource: Resource = {
      id: `${parent === undefined ? "" : `${parent.resource.id}/`}${type}::${name}`,
      type,
      name,
      parent: parent?.resource.id ?? null,
      component: !custom,
      protect: request.getProtect() ?? false,
      inputs,
      outputs: {},
      references: [],
    };
    const dependencies = [...request.getPropertydependenciesMap().entries()] as [string, { getUrnsList(): string[] }][];
    this.registrations.set(urn, {
      resource,
      qualifiedType,
      urn,
      referenceUrns: new Set([
        ...request.getDependenciesList(),
        ...dependencies.flatMap(([, urns]) => urns.getUrnsList()),
      ]),
    });
    const declaration: Declaration = { type, name, path: resource.id, inputs, ...this.providerOf(request) };
    if (request.getRemote()) {
      resource.inputs = this.naming(about, () => withProjectPaths(type, name, inputs));
      resource.outputs = this.naming(about, () => remoteOutputs({ ...declaration, inputs: resource.inputs }));
      return registered(urn, "", { ...state, ...resource.outputs });
    }
    // What is not answered, Pulumi reads back from the arguments, where it would look up each resource that stands in them.
    if (!custom) return registered(urn, "", state);

    const { id, outputs } = formOutputs(declaration, this.declaredOutputs.get(type) ?? new Set());
    resource.outputs = { ...inputs, ...outputs, id };
    const answer = { ...state, ...outputs };
    for (const secret of request.getAdditionalsecretoutputsList()) {
      if (!(secret in answer)) continue;
      answer[secret] = asSecret(answer[secret]);
      resource.outputs[secret] = secretText;
    }
    return registered(urn, id, answer);
  }

  private registerOutputs(request: RegisterResourceOutputsRequest): unknown {
    const outputs = asRecord(plain(this.withReferences(wire(request.getOutputs())), this.assets));
    if (request.getUrn() === this.stackUrn) this.stackOutputs = outputs;
    else this.registered(request.getUrn()).resource.outputs = outputs;
    return {};
  }

  private withReferences(value: unknown): unknown {
    return withoutResources(value, (urn) => ({ $resource: this.registered(urn).resource.id }));
  }

  /** Region and default tags: those of the explicit provider, else of the environment. */
  private providerOf(request: RegisterResourceRequest): { region: string; defaultTags: Record<string, string> } {
    // A provider is named by its URN and id, joined by "::".
    const provider = this.registrations.get(request.getProvider().split("::").slice(0, -1).join("::"));
    const settings = provider?.resource.inputs ?? {};
    const own = asRecord(wire(request.getObject()))["region"];
    const region = [own, settings["region"], this.target.region].find((value) => typeof value === "string");
    // The provider's constructor turns each nested argument into JSON text.
    const defaultTags: unknown = JSON.parse(
      typeof settings["defaultTags"] === "string" ? settings["defaultTags"] : "{}",
    );
    return { region: String(region), defaultTags: asRecord(asRecord(defaultTags)["tags"]) as Record<string, string> };
  }

  private registered(urn: string): Registration {
    const found = this.registrations.get(urn);
    if (found === undefined) throw new GraphError(`a resource that was not registered is referred to: ${urn}`);
    return found;
  }

  private urn(qualifiedType: string, name: string): string {
    return `urn:pulumi:${this.target.stack}::${this.target.project}::${qualifiedType}::${name}`;
  }

  /** Runs `work`; an error names the resource that it is about. */
  private naming<T>(about: { type: string; resource: string }, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new GraphError(`${about.type} "${about.resource}": ${message}`, { ...about, cause });
    }
  }
}

/** The engine's response to a registration. */
function registered(urn: string, id: string, state: Record<string, unknown>): unknown {
  return {
    getUrn: () => urn,
    getId: () => id,
    getObject: () => ({ toJavaScript: () => state }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
    getUnknown: () => false,
  };
}

function wire(struct: { toJavaScript(): object } | undefined): Record<string, unknown> {
  return asRecord(struct?.toJavaScript());
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
