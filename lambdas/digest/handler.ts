import { readFileSync } from "node:fs";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { Storage } from "../storage/index.ts";
import { bucketVariable, type DigestConfig } from "./config.ts";
import { compileDigest } from "./digest.ts";

const config = JSON.parse(readFileSync(new URL("./config.json", import.meta.url), "utf8")) as DigestConfig;
const bucket = process.env[bucketVariable];
if (bucket === undefined) throw new Error(`The variable ${bucketVariable} is not set.`);

/** Sends the digest of yesterday's use by e-mail. */
export const handler = compileDigest(config, bucket, new Storage(), new SESv2Client(), Date.now);
