/** Contents of the digest's `config.json`. */
export interface DigestConfig {
  environment: string;
  /** Address that sends it. */
  from: string;
  recipients: string[];
  /** IANA name of the zone whose days it tells of. */
  timeZone: string;
  cities: { name: string; label: string; timeZone: string }[];
  /** By code. */
  meterTypes: { code: number; name: string; unit: string }[];
}

/** Environment variable with the lake's bucket. */
export const bucketVariable = "BUCKET";
