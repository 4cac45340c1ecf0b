/** What the function knows from its environment variables. */
export interface EmbedUrlConfig {
  accountId: string;
  dashboardId: string;
  /** ARN of the users whose dashboard it may be, up to their name: `arn:aws:quicksight:<region>:<account>:user/default/`. */
  userArnPrefix: string;
  /** Origins of the pages that may show it, three at most. */
  domains: string[];
}

/** The names of the variables. */
export const embedUrlVariables = {
  accountId: "ACCOUNT_ID",
  dashboardId: "DASHBOARD_ID",
  userArnPrefix: "USER_ARN_PREFIX",
  domains: "EMBED_DOMAINS",
} as const satisfies Record<keyof EmbedUrlConfig, string>;

/** @throws Error that names a variable that is not set */
export function embedUrlConfig(variables: Readonly<Record<string, string | undefined>>): EmbedUrlConfig {
  const read = (key: keyof EmbedUrlConfig): string => {
    const value = variables[embedUrlVariables[key]];
    if (value === undefined || value === "") throw new Error(`The variable ${embedUrlVariables[key]} is not set.`);
    return value;
  };
  return {
    accountId: read("accountId"),
    dashboardId: read("dashboardId"),
    userArnPrefix: read("userArnPrefix"),
    domains: read("domains").split(","),
  };
}
