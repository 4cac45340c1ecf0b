import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { Resource } from "@metercast/graph";
import { bucketResource, evaluationOf, lambda, role, temporaryFolder } from "./declare.ts";
import { start, type Running } from "./running.ts";

const Bucket = "lake";
const source = "export const handler = async () => null;";

const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

/** A running simulator with a function "f" whose role has these statements, and a client as its code would make it. */
async function withFunction<Result>(
  policy: object[],
  use: (client: S3Client, data: string, running: Running) => Promise<Result>,
  data = temporaryFolder(),
  key = "reader",
): Promise<Result> {
  const resources: Resource[] = [
    bucketResource(),
    lambda("f", source, { role: "reader" }),
    ...role("reader", { policy }),
  ];
  const running = await start(evaluationOf(resources, [source]), data);
  const client = new S3Client({
    endpoint: running.simulator.http,
    region: "us-east-1",
    credentials: { accessKeyId: key, secretAccessKey: "simulator" },
    maxAttempts: 1,
  });
  try {
    return await use(client, data, running);
  } finally {
    client.destroy();
    await running.simulator.close();
  }
}

const everything = [allow("s3:*", "*")];

async function refusal(promise: Promise<unknown>): Promise<S3ServiceException> {
  try {
    await promise;
  } catch (error) {
    return error as S3ServiceException;
  }
  throw new Error("It was not refused.");
}

async function textOf(client: S3Client, Key: string, more: object = {}): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await Body?.transformToString()) ?? "";
}

const md5 = (text: string | Uint8Array) => `"${createHash("md5").update(text).digest("hex")}"`;

describe("S3, asked by AWS's client,", () => {
  it("keeps an object with its type, its metadata and its entity tag, over a restart too", async () => {
    const data = temporaryFolder();
    await withFunction(
      everything,
      async (client) => {
        const Metadata = { version: "20260101T000000000Z-a", note: "ü" };
        const put = {
          Bucket,
          Key: "a/b.csv",
          Body: "x,y\n",
          ContentType: "text/csv",
          Metadata: { version: Metadata.version },
        };
        const { ETag } = await client.send(new PutObjectCommand(put));
        expect(ETag).to.equal(md5("x,y\n"));
      },
      data,
    );
    await withFunction(
      everything,
      async (client) => {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key: "a/b.csv" }));
        expect(head).to.include({ ContentType: "text/csv", ContentLength: 4, ETag: md5("x,y\n") });
        expect(head.Metadata).to.deep.equal({ version: "20260101T000000000Z-a" });
        expect(await textOf(client, "a/b.csv")).to.equal("x,y\n");
      },
      data,
    );
  });

  it("takes a stream, in chunks with a checksum behind them", async () => {
    await withFunction(everything, async (client) => {
      const body = Buffer.alloc(300_000, "0123456789");
      const parts = [body.subarray(0, 100_001), body.subarray(100_001, 100_002), body.subarray(100_002)];
      for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
        const Body = Readable.from(parts);
        const put = { Bucket, Key: ChecksumAlgorithm, Body, ContentLength: body.length, ChecksumAlgorithm };
        const { ETag } = await client.send(new PutObjectCommand(put));
        expect(ETag, ChecksumAlgorithm).to.equal(md5(body));
      }
    });
  });

  it("refuses a body that is not what its checksum says, and keeps what there was", async () => {
    await withFunction(everything, async (client, data) => {
      await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "before" }));
      const wrong = { Bucket, Key: "a", Body: "after", ChecksumCRC32: "AAAAAA==" };
      expect(await refusal(client.send(new PutObjectCommand(wrong)))).to.include({ name: "BadDigest" });
      const wrongMd5 = { Bucket, Key: "a", Body: "after", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" };
      expect(await refusal(client.send(new PutObjectCommand(wrongMd5)))).to.include({ name: "BadDigest" });
      expect(await textOf(client, "a")).to.equal("before");
      expect(readdirSync(join(data, "uploads"))).to.deep.equal([]);
    });
  });

  it("gives parts of an object, and refuses a part that it does not have", async () => {
    await withFunction(everything, async (client) => {
      await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "0123456789" }));
      expect(await textOf(client, "a", { Range: "bytes=2-4" })).to.equal("234");
      expect(await textOf(client, "a", { Range: "bytes=-3" })).to.equal("789");
      expect(await textOf(client, "a", { Range: "bytes=8-99" })).to.equal("89");
      expect(await refusal(textOf(client, "a", { Range: "bytes=10-" }))).to.include({ name: "InvalidRange" });
    });
  });

  it("puts where there is none, or in the place of what was read, and nowhere else", async () => {
    await withFunction(everything, async (client) => {
      const put = (Body: string, more: object) =>
        client.send(new PutObjectCommand({ Bucket, Key: "a", Body, ...more }));
      expect(await refusal(put("1", { IfMatch: md5("0") }))).to.include({ name: "NoSuchKey" });
      const { ETag } = await put("1", { IfNoneMatch: "*" });
      expect(await refusal(put("2", { IfNoneMatch: "*" }))).to.include({ name: "PreconditionFailed" });
      await put("2", { IfMatch: ETag });
      const late = await refusal(put("3", { IfMatch: ETag }));
      expect(late.$metadata.httpStatusCode).to.equal(412);
      expect(await textOf(client, "a")).to.equal("2");
      const races = await Promise.allSettled(["4", "5", "6", "7"].map((body) => put(body, { IfMatch: md5("2") })));
      expect(races.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    });
  });

  it("lists in pages, by prefix and delimiter, in the order of the keys", async () => {
    await withFunction(everything, async (client, data) => {
      const keys = ["a/1", "a/2", "a-b", "b/dt=2026-01-01/x", "b/dt=2026-01-02/y", "c & <d>"];
      for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      mkdirSync(join(data, "buckets", Bucket, "empty"));
      const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more }));
      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = await list({ MaxKeys: 4, ...(token && { ContinuationToken: token }) });
        found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      expect(found).to.deep.equal(["a-b", "a/1", "a/2", "b/dt=2026-01-01/x", "b/dt=2026-01-02/y", "c & <d>"]);
      const rolled = await list({ Delimiter: "/" });
      expect(rolled.CommonPrefixes).to.deep.equal([{ Prefix: "a/" }, { Prefix: "b/" }]);
      expect(rolled.Contents?.map(({ Key, ETag, Size }) => ({ Key, ETag, Size }))).to.deep.equal([
        { Key: "a-b", ETag: md5("a-b"), Size: 3 },
        { Key: "c & <d>", ETag: md5("c & <d>"), Size: 7 },
      ]);
      const first = await list({ Prefix: "b/", Delimiter: "/", MaxKeys: 1 });
      expect(first).to.deep.include({ IsTruncated: true, CommonPrefixes: [{ Prefix: "b/dt=2026-01-01/" }] });
      expect((await list({ Prefix: "b/dt=2026-01-0", StartAfter: "b/dt=2026-01-01/x" })).KeyCount).to.equal(1);
      expect((await list({ Prefix: "../" })).KeyCount).to.equal(0);
    });
  });

  it("copies an object with what it has, or with what the copy is given", async () => {
    await withFunction(everything, async (client) => {
      await client.send(new PutObjectCommand({ Bucket, Key: "ä b", Body: "x", Metadata: { version: "1" } }));
      const copy = { Bucket, CopySource: `${Bucket}/${encodeURIComponent("ä b")}` };
      const { CopyObjectResult } = await client.send(new CopyObjectCommand({ ...copy, Key: "same" }));
      expect(CopyObjectResult?.ETag).to.equal(md5("x"));
      const replaced = { ...copy, Key: "other", MetadataDirective: "REPLACE" as const, Metadata: { version: "2" } };
      await client.send(new CopyObjectCommand(replaced));
      const metadata = async (Key: string) => (await client.send(new HeadObjectCommand({ Bucket, Key }))).Metadata;
      expect(await metadata("same")).to.deep.equal({ version: "1" });
      expect(await metadata("other")).to.deep.equal({ version: "2" });
      expect(await textOf(client, "other")).to.equal("x");
    });
  });

  it("deletes one object or many, there or not", async () => {
    await withFunction(everything, async (client) => {
      for (const Key of ["a", "b&", "c"]) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      const Objects = [{ Key: "b&" }, { Key: "none" }];
      const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      expect(Deleted).to.deep.equal(Objects);
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents?.map(({ Key }) => Key)).to.deep.equal(["c"]);
    });
  });

  it("has what others wrote into the bucket: of another's bytes it tells no old metadata", async () => {
    await withFunction(everything, async (client, data) => {
      await client.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "x", Metadata: { version: "1" } }));
      const file = join(data, "buckets", Bucket, "a/b");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "another");
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: "a/b" }));
      expect(head).to.include({ ETag: md5("another"), ContentLength: 7 });
      expect(head.Metadata).to.deep.equal({});
    });
  });

  it("says by S3's names what is not there, and by a sentence what it does not serve", async () => {
    await withFunction(everything, async (client) => {
      expect(await refusal(textOf(client, "none"))).to.include({ name: "NoSuchKey" });
      expect(await refusal(textOf(client, "none/below"))).to.include({ name: "NoSuchKey" });
      expect(await refusal(client.send(new HeadObjectCommand({ Bucket, Key: "none" })))).to.include({
        name: "NotFound",
      });
      const other = client.send(new PutObjectCommand({ Bucket: "other", Key: "a", Body: "" }));
      expect(await refusal(other)).to.include({ name: "NoSuchBucket" });
      await client.send(new HeadBucketCommand({ Bucket }));
      expect(await refusal(client.send(new ListObjectsCommand({ Bucket })))).to.include({
        name: "NotImplemented",
        message: "GET of a bucket is not served here.",
      });
      const tagged = client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "", Tagging: "a=b" }));
      expect((await refusal(tagged)).message).to.equal("PutObject with the header x-amz-tagging is not served here.");
      await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "" }));
      const below = await refusal(client.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "" })));
      expect(below.message).to.equal(
        "On this machine a bucket is a folder, in which a/b cannot be both an object and the folder of others.",
      );
      const dots = await refusal(client.send(new PutObjectCommand({ Bucket, Key: "a//b", Body: "" })));
      expect(dots.name).to.equal("InvalidURI");
    });
  });
});

describe("S3, asked by a function,", () => {
  const object = (key: string) => `arn:aws:s3:::lake/${key}`;
  const because = (action: string, resource: string) =>
    `User: arn:aws:sts::123456789012:assumed-role/reader/f is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

  it("does what its role allows, and refuses the rest with AWS's sentence", async () => {
    const policy = [
      allow(["s3:GetObject", "s3:PutObject"], object("mine/*")),
      allow("s3:ListBucket", "arn:aws:s3:::lake"),
    ];
    await withFunction(policy, async (client) => {
      await client.send(new PutObjectCommand({ Bucket, Key: "mine/a", Body: "x" }));
      expect(await textOf(client, "mine/a")).to.equal("x");
      const put = await refusal(client.send(new PutObjectCommand({ Bucket, Key: "yours/a", Body: "x" })));
      expect(put).to.include({ name: "AccessDenied", message: because("s3:PutObject", object("yours/a")) });
      const removal = await refusal(client.send(new DeleteObjectCommand({ Bucket, Key: "mine/a" })));
      expect(removal).to.include({ name: "AccessDenied", message: because("s3:DeleteObject", object("mine/a")) });
      const Objects = [{ Key: "mine/a" }];
      const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      expect(Errors?.map(({ Key, Code }) => ({ Key, Code }))).to.deep.equal([{ Key: "mine/a", Code: "AccessDenied" }]);
      const copy = { Bucket, Key: "mine/b", CopySource: "lake/yours/a" };
      expect(await refusal(client.send(new CopyObjectCommand(copy)))).to.include({
        message: because("s3:GetObject", object("yours/a")),
      });
    });
  });

  it("tells only who may list that an object is not there", async () => {
    await withFunction([allow("s3:GetObject", object("*"))], async (client) => {
      const missing = await refusal(textOf(client, "none"));
      expect(missing).to.include({ name: "AccessDenied", message: because("s3:ListBucket", "arn:aws:s3:::lake") });
    });
  });

  it("lists below the prefix that its role names", async () => {
    const below = { Condition: { StringLike: { "s3:prefix": ["mine/*"] } } };
    await withFunction([allow("s3:ListBucket", "arn:aws:s3:::lake", below)], async (client) => {
      await client.send(new ListObjectsV2Command({ Bucket, Prefix: "mine/a" }));
      for (const more of [{ Prefix: "yours/" }, {}]) {
        expect(await refusal(client.send(new ListObjectsV2Command({ Bucket, ...more })))).to.include({
          name: "AccessDenied",
        });
      }
    });
  });

  it("serves who signs with another key: credentials of this machine's user are not known here", async () => {
    await withFunction(
      [],
      async (client, _, { simulator }) => {
        await fetch(`${simulator.http}/lake/a`, { method: "PUT", body: "text" });
        expect(await textOf(client, "a")).to.equal("text");
      },
      temporaryFolder(),
      "nobody",
    );
  });

  it("serves who signs nothing, this machine's user", async () => {
    await withFunction([], async (_, __, { simulator }) => {
      const url = `${simulator.http}/lake/a/b`;
      expect((await fetch(url, { method: "PUT", body: "x" })).status).to.equal(200);
      expect(await (await fetch(url)).text()).to.equal("x");
      expect(await (await fetch(`${simulator.http}/lake?list-type=2&prefix=a`)).text()).to.include("<Key>a/b</Key>");
    });
  });
});
