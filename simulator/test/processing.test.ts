import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Resource } from "@metercast/graph";
import { run } from "../run.ts";
import { bucketResource, evaluationOf, machine, resource, role, roleArn, temporaryFolder } from "./declare.ts";
import { only } from "./state-machine.ts";

const uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/predict@sha256:0";

/** Sums the numbers of its input's files, or does what its mode asks for. */
const program = `import argparse, os, pathlib, sys, time
parser = argparse.ArgumentParser()
for name in ("numbers", "output", "mode"): parser.add_argument("--" + name)
options = parser.parse_args()
print("mode", options.mode, os.environ["UNIT"], flush=True)
if options.mode == "fail":
    pathlib.Path(os.environ["MESSAGE"]).write_text("no number is there")
    sys.exit(3)
if options.mode == "print":
    sys.exit("what is printed last")
if options.mode == "import":
    import a_package_that_nobody_has
if options.mode == "wait":
    time.sleep(60)
files = sorted(pathlib.Path(options.numbers).rglob("*.txt"))
total = sum(int(file.read_text()) for file in files)
target = pathlib.Path(options.output) / "dt=2018-12-03"
target.mkdir(parents=True)
(target / "sum.txt").write_text(str(total) + " of " + pathlib.Path("unit.txt").read_text())
`;

const dockerfile = `FROM python:3.13-slim
WORKDIR /opt/program
COPY program.py unit.txt ./
ENV UNIT=kWh MESSAGE=/opt/ml/output/message
ENTRYPOINT ["python3", "program.py"]
`;

const image = resource(
  "awsx:ecr:Image",
  "image",
  { repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/predict", context: "image", platform: "linux/amd64" },
  { imageUri: uri },
);

function request(mode: string, more: object = {}): object {
  return {
    RoleArn: roleArn("job"),
    AppSpecification: {
      ImageUri: uri,
      ContainerArguments: [
        "--numbers",
        "/opt/ml/processing/input/numbers",
        "--output",
        "/opt/ml/processing/output",
        "--mode",
        mode,
      ],
    },
    ProcessingInputs: [
      {
        InputName: "numbers",
        S3Input: {
          S3Uri: "s3://lake/numbers/",
          LocalPath: "/opt/ml/processing/input/numbers",
          S3DataType: "S3Prefix",
          S3InputMode: "File",
        },
      },
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: "sums",
          S3Output: { S3Uri: "s3://lake/sums/", LocalPath: "/opt/ml/processing/output", S3UploadMode: "EndOfJob" },
        },
      ],
    },
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 10 } },
    ...("ProcessingJobName" in more ? {} : { "ProcessingJobName.$": "$$.Execution.Name" }),
    ...more,
  };
}

/** What each part of a job needs, of the job's role and of the machine's. */
const jobNeeds = {
  list: { Action: "s3:ListBucket", Resource: "arn:aws:s3:::lake" },
  read: { Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/numbers/*" },
  write: { Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/sums/*" },
  pull: {
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
    Resource: "arn:aws:ecr:us-east-1:123456789012:repository/predict",
  },
  enter: { Action: "ecr:GetAuthorizationToken", Resource: "*" },
  log: { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
};
const machineNeeds = {
  create: {
    Action: ["sagemaker:CreateProcessingJob", "sagemaker:AddTags"],
    Resource: "arn:aws:sagemaker:us-east-1:123456789012:processing-job/*",
  },
  follow: { Action: ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"], Resource: "*" },
  hear: { Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"], Resource: "*" },
  pass: {
    Action: "iam:PassRole",
    Resource: roleArn("job"),
    Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
  },
};

interface Setting {
  mode?: string;
  more?: object;
  without?: string;
  python?: string;
  /** How many executions, all of one job's name. */
  names?: string[];
}

interface Outcome {
  status: string;
  output: Record<string, unknown>;
  error: string | undefined;
  cause: string;
  data: string;
}

const allowing = (needs: Record<string, object>, without: string | undefined) =>
  Object.entries(needs)
    .filter(([name]) => name !== without)
    .map(([, statement]) => ({ Effect: "Allow", ...statement }));

async function outcomes({ mode = "sum", more, without, python, names = ["one"] }: Setting): Promise<Outcome[]> {
  const [data, project] = [temporaryFolder(), temporaryFolder()];
  const write = (file: string, text: string) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(join(project, "image/Dockerfile"), dockerfile);
  write(join(project, "image/program.py"), program);
  write(join(project, "image/unit.txt"), "kWh");
  write(join(data, "buckets/lake/numbers/a.txt"), "1");
  write(join(data, "buckets/lake/numbers/below/b.txt"), "2");
  const task = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createProcessingJob.sync" };
  const resources: Resource[] = [
    bucketResource(),
    image,
    machine("m", only({ ...task, Parameters: request(mode, more) }), { role: "machine" }),
    ...role("machine", { policy: allowing(machineNeeds, without) }),
    ...role("job", { policy: allowing(jobNeeds, without) }),
  ];
  const simulator = await run({
    evaluation: evaluationOf(resources),
    data,
    mqttPort: undefined,
    httpPort: 0,
    project,
    ...(python !== undefined && { python }),
    warn: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const all: Outcome[] = [];
    for (const name of names) {
      const { arn } = simulator.startExecution({ machine: "m", name });
      const { status, output, error, cause } = await simulator.executions.outcome(arn);
      const told = output === undefined ? {} : (JSON.parse(output) as Record<string, unknown>);
      all.push({ status, output: told, error, cause: cause ?? "", data });
    }
    return all;
  } finally {
    await simulator.close();
  }
}

async function outcome(setting: Setting = {}): Promise<Outcome> {
  const [only] = await outcomes(setting);
  if (!only) throw new Error("there is no outcome");
  return only;
}

const failed = ({ cause }: Outcome) => JSON.parse(cause) as Record<string, unknown>;

describe("a processing job", () => {
  it("runs the image's program on the objects of its inputs, and puts what it writes", async () => {
    const { status, output, data, cause } = await outcome();
    expect(cause).to.equal("");
    expect(status).to.equal("SUCCEEDED");
    expect(output).to.include({ ProcessingJobName: "one", ProcessingJobStatus: "Completed" });
    expect(readFileSync(join(data, "buckets/lake/sums/dt=2018-12-03/sum.txt"), "utf8")).to.equal("3 of kWh");
    const folder = join(data, "processing-jobs/one");
    expect(readFileSync(join(folder, "log"), "utf8")).to.equal("mode sum kWh\n");
    expect(existsSync(join(folder, "container"))).to.equal(false);
  });

  it("whose program fails has its exit code and the message that it wrote, and puts nothing", async () => {
    const one = await outcome({ mode: "fail" });
    expect(one).to.include({ status: "FAILED", error: "States.TaskFailed" });
    expect(failed(one)).to.include({
      ProcessingJobStatus: "Failed",
      FailureReason: "AlgorithmError: See job logs for more information, exit code: 3",
      ExitMessage: "no number is there",
    });
    expect(existsSync(join(one.data, "buckets/lake/sums"))).to.equal(false);
  });

  it("whose program writes no message has the last that it printed", async () => {
    expect(String(failed(await outcome({ mode: "print" }))["ExitMessage"])).to.match(/what is printed last$/);
  });

  it("says how to get a package, or Python, that this machine lacks", async () => {
    const missing = failed(await outcome({ mode: "import" }))["ExitMessage"];
    expect(String(missing)).to.match(
      /lacks a_package_that_nobody_has: `metercast model train` makes a virtual environment/,
    );
    const none = failed(await outcome({ python: "/nowhere/python3" }))["FailureReason"];
    expect(String(none)).to.match(
      /^ClientError: Python cannot be started as \/nowhere\/python3 \(ENOENT\): `metercast/,
    );
  });

  it("ends at its stopping condition", async () => {
    const one = await outcome({ mode: "wait", more: { StoppingCondition: { MaxRuntimeInSeconds: 1 } } });
    expect(failed(one)).to.include({
      ProcessingJobStatus: "Stopped",
      ExitMessage: "The job ran longer than MaxRuntimeInSeconds, 1",
    });
  });

  it("needs a name that none had before", async () => {
    const [, second] = await outcomes({ names: ["one", "two"], more: { ProcessingJobName: "same" } });
    expect(second).to.include({ error: "SageMaker.ResourceInUseException" });
    expect(second?.cause).to.match(/^Job name must be unique within an AWS account and region/);
  });

  it("needs objects below its input's prefix", async () => {
    const inputs = [
      {
        InputName: "none",
        S3Input: { S3Uri: "s3://lake/none/", LocalPath: "/opt/ml/processing/input/numbers", S3DataType: "S3Prefix" },
      },
    ];
    expect(failed(await outcome({ more: { ProcessingInputs: inputs } }))).to.include({
      FailureReason: 'ClientError: No S3 objects found under S3 URL "s3://lake/none/" given in input data source.',
    });
  });

  it("of an image that is not declared, or with what does not run here, is refused", async () => {
    const other = await outcome({ more: { AppSpecification: { ImageUri: "other" } } });
    expect(other).to.include({ error: "SageMaker.ValidationException" });
    expect(other.cause).to.equal(`the image other is not declared: there is ${uri}`);
    const cluster = { ClusterConfig: { InstanceCount: 2, InstanceType: "ml.m5.large", VolumeSizeInGB: 10 } };
    const two = await outcome({ more: { ProcessingResources: cluster } });
    expect(two.cause).to.match(/^ProcessingResources\.ClusterConfig\.InstanceCount: /);
  });

  for (const name of Object.keys(machineNeeds)) {
    it(`is refused to a machine whose role lacks what ${name} needs`, async () => {
      const one = await outcome({ without: name });
      expect(one.error).to.equal("SageMaker.AccessDeniedException");
      expect(one.cause).to.match(/assumed-role\/machine\/m is not authorized to perform: /);
    });
  }

  for (const name of ["list", "read", "write", "pull", "enter"]) {
    it(`fails where its own role lacks what ${name} needs`, async () => {
      const reason = failed(await outcome({ without: name }))["FailureReason"];
      expect(String(reason)).to.match(/^ClientError: User: .*assumed-role\/job\/one is not authorized to perform: /);
    });
  }

  it("runs without a log where its role may not log", async () => {
    const { status, data } = await outcome({ without: "log" });
    expect(status).to.equal("SUCCEEDED");
    expect(existsSync(join(data, "processing-jobs/one/log"))).to.equal(false);
  });
});
