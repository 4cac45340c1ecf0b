import { RuleTester } from "eslint";
import tseslint from "typescript-eslint";
import { noCastInResourceArguments } from "../no-cast-in-resource-arguments.mjs";

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });
const cast = (constructed: string) => [{ messageId: "cast", data: { constructed } }];

tester.run("no-cast-in-resource-arguments", noCastInResourceArguments, {
  valid: [
    'new aws.s3.Bucket("files", { forceDestroy: true });',
    'const name = value as string; new aws.s3.Bucket("files", { bucket: name });',
    'new aws.lambda.Function("f", { architectures: ["arm64"] as const });',
    'new aws.s3.Bucket("files", { tags: tags satisfies Tags });',
    "new Map(entries as [string, number][]);",
    'new LakeError("no bucket", { cause: reason as Error });',
    "(factory as Factory).create(new aws.s3.Bucket(name));",
  ],
  invalid: [
    { code: 'new aws.s3.Bucket("files", { bucke: "raw" } as aws.s3.BucketArgs);', errors: cast("aws.s3.Bucket") },
    { code: 'new aws.s3.Bucket("files", <aws.s3.BucketArgs>{ bucke: "raw" });', errors: cast("aws.s3.Bucket") },
    { code: 'new aws.s3.Bucket("files", { tags: tags satisfies any });', errors: cast("aws.s3.Bucket") },
    { code: 'new aws.Provider("aws", { region: region as aws.Region });', errors: cast("aws.Provider") },
    { code: 'new aws.iot.TopicRule("r", { firehoses: [{ ...rest } as never] });', errors: cast("aws.iot.TopicRule") },
    { code: 'new DataLake("lake", { environment: value as Environment }, opts);', errors: cast("DataLake") },
    { code: "new pulumi.asset.StringAsset(text as string);", errors: cast("pulumi.asset.StringAsset") },
  ],
});
