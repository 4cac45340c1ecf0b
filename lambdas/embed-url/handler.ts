import { QuickSightClient } from "@aws-sdk/client-quicksight";
import { embedUrlConfig } from "./config.ts";
import { compileEmbedUrl } from "./embed-url.ts";

/** Hands out the URL under which a page may embed the dashboard for one registered user. */
export const handler = compileEmbedUrl(embedUrlConfig(process.env), new QuickSightClient());
