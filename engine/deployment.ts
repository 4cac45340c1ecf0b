import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CommandError,
  type EngineEvent,
  LocalWorkspace,
  type OpType,
  type ProjectSettings,
  type PulumiCommand,
  type PulumiFn,
  type Stack,
  type StackSettings,
} from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { EngineError } from "./engine-error.ts";

/** A step that the engine takes, or would take, with a resource: `create aws:iot/thing:Thing::<logical name>`. */
export type Step = `${OpType} ${string}`;

/** A resource in the engine's state, as the engine exports it. */
export interface DeployedResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
}

const environmentFile = "environment.yaml";

/** No operation here takes more than seconds: one that is not done by then never will be. */
const longestOperation = 120_000;

/** A stack of the project under the real engine: state, secrets and settings in a folder that goes with it. */
export class Deployment {
  private readonly folder: string;
  private readonly stack: Stack;

  private constructor(folder: string, stack: Stack) {
    this.folder = folder;
    this.stack = stack;
    process.once("exit", this.close);
  }

  /**
   * @param name Name of the stack.
   * @param region Region for which the stand-in provider answers.
   * @param program The program: a function, since the modules of one process are evaluated once.
   */
  static async open(
    command: PulumiCommand,
    { name, region, program }: { name: string; region: string; program: PulumiFn },
  ): Promise<Deployment> {
    const folder = mkdtempSync(join(tmpdir(), "metercast-engine-"));
    try {
      const [state, home, path] = ["state", "home", "bin"].map((part) => {
        mkdirSync(join(folder, part));
        return join(folder, part);
      }) as [string, string, string];
      for (const provider of ["aws", "awsx"]) writeLauncher(join(path, `pulumi-resource-${provider}`));
      const project = projectFile("Pulumi.yaml") as ProjectSettings;
      const settings = projectFile(`Pulumi.${name}.yaml`) as StackSettings;
      const stack = await LocalWorkspace.createStack(
        { stackName: name, projectName: project.name, program },
        {
          workDir: folder,
          pulumiHome: home,
          pulumiCommand: command,
          // The program runs in this process, without the language host that would look for its main file.
          projectSettings: { ...project, main: undefined, backend: { url: `file://${state}` } },
          stackSettings: {
            [name]: {
              ...settings,
              config: { ...settings.config, "metercast:environment": join(folder, environmentFile) },
            },
          },
          envVars: {
            PATH: `${path}${delimiter}${process.env["PATH"] ?? ""}`,
            AWS_REGION: region,
            PULUMI_CONFIG_PASSPHRASE: randomBytes(32).toString("base64"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            // Nobody takes up an operation that broke off here, so that the state need not be written after each step.
            PULUMI_EXPERIMENTAL: "true",
            PULUMI_SKIP_CHECKPOINTS: "true",
          },
        },
      );
      return new Deployment(folder, stack);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw described(error, "stack init", []);
    }
  }

  /** Writes the environment file that the stack's settings name; the other settings are the project's own. */
  setEnvironment(text: string): void {
    writeFileSync(join(this.folder, environmentFile), text);
  }

  /** The steps that an update would take. */
  preview(): Promise<Step[]> {
    return this.steps("preview", (options) => this.stack.preview(options));
  }

  /** Updates, and gives the steps taken. */
  up(): Promise<Step[]> {
    return this.steps("up", (options) => this.stack.up(options));
  }

  /** The steps that a destroy would take: what `pulumi destroy` shows first, and stops at when it fails. */
  previewDestroy(): Promise<Step[]> {
    return this.steps("destroy", (options) => this.stack.previewDestroy(options));
  }

  /** Destroys all resources without a preview, and gives the steps taken. */
  destroy(): Promise<Step[]> {
    return this.steps("destroy", (options) => this.stack.destroy(options));
  }

  /** The resources in the engine's state. */
  async resources(): Promise<DeployedResource[]> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources?: DeployedResource[] } };
    return deployment.resources ?? [];
  }

  /** Removes everything that the deployment keeps on this machine; a process that ends early does so by itself. */
  readonly close = (): void => {
    process.off("exit", this.close);
    rmSync(this.folder, { recursive: true, force: true });
  };

  private async steps(
    operation: string,
    run: (options: { onEvent: (event: EngineEvent) => void; signal: AbortSignal; color: "never" }) => Promise<unknown>,
  ): Promise<Step[]> {
    const [steps, complaints]: [Step[], string[]] = [[], []];
    const onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent): void => {
      if (resourcePreEvent !== undefined && resourcePreEvent.metadata.op !== "same") {
        const { op, urn, type } = resourcePreEvent.metadata;
        steps.push(`${op} ${type}::${nameIn(urn)}`);
      }
      if (diagnosticEvent?.severity === "error") complaints.push(diagnosticEvent.message.trim());
    };
    try {
      await run({ onEvent, color: "never", signal: AbortSignal.timeout(longestOperation) });
    } catch (error) {
      throw described(error, operation, complaints);
    }
    return steps.sort();
  }
}

/** The logical name at the end of a URN. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The CLI looks for the provider's program by its name. */
function writeLauncher(file: string): void {
  const script = fileURLToPath(new URL("stand-in/provider.ts", import.meta.url));
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(file, 0o755);
}

function projectFile(name: string): unknown {
  return parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
}

/** What the engine complained about; without a complaint, all that the command printed. */
function described(error: unknown, operation: string, complaints: string[]): unknown {
  if (!(error instanceof CommandError)) return error;
  const reason = complaints.length > 0 ? complaints.join("\n") : error.message;
  return new EngineError(`${operation} failed:\n${reason}`, { cause: error });
}
