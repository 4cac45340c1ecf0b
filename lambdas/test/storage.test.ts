import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { formatLocation, parseLocation, Storage, StorageError } from "../storage/index.ts";

interface Call {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** S3 on a loopback port that answers as it is told. */
async function withS3<Result>(
  answer: (call: Call, response: ServerResponse) => void,
  use: (storage: Storage, calls: Call[]) => Promise<Result>,
): Promise<Result> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const call = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      calls.push(call);
      answer(call, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
  });
  try {
    return await use(new Storage(client), calls);
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
}

function refuse(status: number, code: string) {
  return (_: Call, response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/xml" });
    response.end(`<Error><Code>${code}</Code><Message>about ${code}</Message></Error>`);
  };
}

async function failure(promise: Promise<unknown>): Promise<StorageError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(StorageError);
    return error as StorageError;
  }
  throw new Error("Nothing was thrown.");
}

const location = { bucket: "metercast-dev", key: "runs/marks.json" };

describe("storage", () => {
  it("gives an object's bytes, etag and metadata", async () => {
    await withS3(
      (_, response) => {
        response.setHeader("etag", '"abc"');
        response.setHeader("x-amz-meta-version", "7");
        response.end("content");
      },
      async (storage, calls) => {
        const { bytes, etag, metadata } = await storage.get(location);
        expect(Buffer.from(bytes).toString()).to.equal("content");
        expect(etag).to.equal('"abc"');
        expect(metadata).to.deep.equal({ version: "7" });
        expect(calls[0]).to.include({ method: "GET" });
        expect(calls[0]?.url).to.match(/^\/metercast-dev\/runs\/marks\.json/);
      },
    );
  });

  it("finds nothing where there is no object, and says so to who needs it", async () => {
    await withS3(refuse(404, "NoSuchKey"), async (storage) => {
      expect(await storage.find(location)).to.equal(undefined);
      const error = await failure(storage.get(location));
      expect(error.message).to.include("Cannot read s3://metercast-dev/runs/marks.json: NoSuchKey.");
      expect(error).to.deep.include({ code: "NoSuchKey", location });
    });
  });

  it("names bucket, key and reason of what is denied, and does not take it for absent", async () => {
    await withS3(refuse(403, "AccessDenied"), async (storage) => {
      for (const [attempt, action] of [
        [() => storage.find(location), "read"],
        [() => storage.put(location, "x"), "write"],
        [() => storage.list(location.bucket, location.key), "list"],
        [() => storage.delete(location.bucket, [location.key]), "delete"],
      ] as const) {
        const { message } = await failure(attempt());
        expect(message).to.include(`Cannot ${action} s3://metercast-dev/runs/marks.json: AccessDenied`);
        expect(message).to.include("role");
      }
    });
  });

  it("names the address when nobody listens there", async () => {
    const client = new S3Client({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    });
    const { message } = await failure(new Storage(client).get(location));
    expect(message).to.include("s3://metercast-dev/runs/marks.json").and.to.include("ECONNREFUSED");
  });

  it("stores with content type, metadata and conditions", async () => {
    await withS3(
      (_, response) => response.end(),
      async (storage, calls) => {
        const options = { contentType: "text/csv", metadata: { version: "7" }, ifMatch: '"abc"' };
        expect(await storage.put(location, "a,b\n", options)).to.equal(true);
        expect(await storage.put(location, new Uint8Array([1, 2]), { ifAbsent: true })).to.equal(true);
        expect(calls[0]).to.include({ method: "PUT", body: "a,b\n" });
        expect(calls[0]?.headers).to.include({ "content-type": "text/csv", "x-amz-meta-version": "7" });
        expect(calls[0]?.headers["if-match"]).to.equal('"abc"');
        expect(calls[1]?.headers["if-none-match"]).to.equal("*");
      },
    );
  });

  it("stores nothing where a condition does not hold; without one that is an error", async () => {
    await withS3(refuse(412, "PreconditionFailed"), async (storage) => {
      expect(await storage.put(location, "x", { ifMatch: '"old"' })).to.equal(false);
      expect(await storage.put(location, "x", { ifAbsent: true })).to.equal(false);
      expect((await failure(storage.put(location, "x"))).code).to.equal("PreconditionFailed");
    });
  });

  it("tries again what is transient", async () => {
    let answers = 0;
    await withS3(
      (call, response) => (answers++ === 0 ? refuse(503, "SlowDown")(call, response) : response.end("content")),
      async (storage, calls) => {
        expect(Buffer.from((await storage.get(location)).bytes).toString()).to.equal("content");
        expect(calls).to.have.length(2);
      },
    );
  });

  it("lists page by page", async () => {
    const page = (keys: string[], next?: string) => `<ListBucketResult>
      <IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`}
      ${keys.map((key) => `<Contents><Key>${key}</Key><Size>5</Size><LastModified>2018-12-03T01:00:00.000Z</LastModified></Contents>`).join("")}
    </ListBucketResult>`;
    await withS3(
      ({ url }, response) => {
        response.setHeader("content-type", "application/xml");
        response.end(url.includes("continuation-token") ? page(["a/3"]) : page(["a/1", "a/2"], "more"));
      },
      async (storage) => {
        const objects = await storage.list("metercast-dev", "a/");
        expect(objects.map(({ key }) => key)).to.deep.equal(["a/1", "a/2", "a/3"]);
        expect(objects[0]).to.deep.equal({ key: "a/1", size: 5, lastModified: Date.parse("2018-12-03T01:00:00Z") });
      },
    );
  });

  it("deletes a thousand keys at a time, and names one that stays", async () => {
    const keys = Array.from({ length: 1500 }, (_, index) => `a/${index}`);
    await withS3(
      (_, response) => response.end("<DeleteResult/>"),
      async (storage, calls) => {
        await storage.delete("metercast-dev", keys);
        expect(calls.map(({ body }) => body.match(/<Key>/g)?.length)).to.deep.equal([1000, 500]);
        await storage.delete("metercast-dev", []);
        expect(calls).to.have.length(2);
      },
    );
    const refused =
      "<DeleteResult><Error><Key>a/7</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>";
    await withS3(
      (_, response) => response.end(refused),
      async (storage) => {
        const { message } = await failure(storage.delete("metercast-dev", keys));
        expect(message).to.include("Cannot delete s3://metercast-dev/a/7: AccessDenied");
      },
    );
  });

  it("reads and writes addresses of objects", () => {
    expect(parseLocation("s3://metercast-dev/runs/marks.json")).to.deep.equal(location);
    expect(formatLocation(location)).to.equal("s3://metercast-dev/runs/marks.json");
    for (const wrong of ["https://bucket/key", "s3://bucket", "s3://bucket/", "s3:///key", ""]) {
      expect(() => parseLocation(wrong)).to.throw(TypeError, `"${wrong}" is not the address of an object`);
    }
  });
});
