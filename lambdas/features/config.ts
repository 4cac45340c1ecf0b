/** Contents of the `config.json` of the Lambda that makes features. */
export interface FeaturesConfig {
  /** The lake's bucket. */
  bucket: string;
  /** Days before a forecast whose readings count. */
  historyDays: number;
  cities: FeaturesCity[];
  /** ISO dates of the public holidays by the key that the city gives, for example "GB-ENG". */
  holidays: Record<string, string[]>;
}

export interface FeaturesCity {
  name: string;
  siteId: number;
  /** IANA name. */
  timeZone: string;
  /** ISO 3166-1 code, for example "GB". */
  country: string;
  /** The part after the hyphen of an ISO 3166-2 code, for example "ENG". */
  subdivision?: string;
}
