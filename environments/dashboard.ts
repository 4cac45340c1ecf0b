import { z } from "zod";

import { checkedText } from "./checked-text.ts";
import type { Dashboard } from "./environment.ts";
import { regions, timeZoneFault } from "./known-names.ts";

/** What SES sends from and to: an address of this form, without a name beside it. */
const address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>"(),:;[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/, {
    error: ({ input }) => `must be an e-mail address, such as energy@example.com, not ${JSON.stringify(input)}`,
  });

/** QuickSight API reference, RegisterUser and CreateGroup: names of Latin-1 without control characters. */
const principal = z
  .string()
  .max(270)
  .regex(/^(group|user)\/[\u0021-\u00ff]([\u0020-\u00ff]*[\u0021-\u00ff])?$/, {
    error: ({ input }) =>
      `must be group/NAME or user/NAME, as QuickSight knows them, such as group/energy-managers, not ${JSON.stringify(input)}`,
  });

/** QuickSight API reference, GenerateEmbedUrlForRegisteredUser, AllowedDomains: https, except for localhost; `*` for subdomains. */
const domain = z
  .string()
  .regex(/^(https:\/\/(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?|http:\/\/localhost(:\d{1,5})?)$/, {
    error: ({ input }) =>
      `must be the origin of a page, such as https://energy.example.com or https://*.example.com, not ${JSON.stringify(input)}`,
  });

/** The same place: how many domains one URL may name. */
const mostDomains = 3;

/** SES API v2, SendEmail, Destination: addresses of one message. */
const mostRecipients = 50;

const digest = z
  .strictObject({
    from: address.meta({
      title: "From",
      description: "Address that sends it; SES sends a letter there once, to be confirmed.",
      examples: ["energy@example.com"],
    }),
    recipients: z
      .array(address)
      .min(1)
      .max(mostRecipients)
      .meta({
        title: "Recipients",
        description: `Addresses that get it, 1 to ${mostRecipients}.`,
      }),
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
        error: ({ input }) => `must be a time of day, such as "07:00", not ${JSON.stringify(input)}`,
      })
      .default("07:00")
      .meta({ title: "Time", description: "When it is sent, every day. Default: 07:00.", examples: ["07:00"] }),
    timeZone: checkedText(timeZoneFault)
      .optional()
      .meta({
        title: "Time zone",
        description: "IANA name of the zone of that time. Default: that of the first city.",
        examples: ["America/New_York"],
      }),
  })
  .meta({
    title: "Digest",
    description:
      "A letter each morning: yesterday's use, what is expected, the meters most off, what is silent. Default: none.",
  });

/** The section `dashboard`, where it is not `none`. */
export const dashboardSection = z
  .strictObject({
    authors: z.array(principal).min(1).meta({
      title: "Authors",
      description:
        "Groups and users of QuickSight that see the dashboard and may make analyses of their own of its data sets: group/NAME or user/NAME.",
    }),
    viewers: z.array(principal).default([]).meta({
      title: "Viewers",
      description: "Groups and users of QuickSight that see the dashboard. Default: none.",
    }),
    identityRegion: z
      .enum(regions)
      .optional()
      .meta({
        title: "Identity region",
        description:
          "Region in which the account's users and groups of QuickSight are kept. Default: the environment's.",
        examples: ["us-east-1"],
      }),
    refresh: z.enum(["full", "incremental"]).default("full").meta({
      title: "Refresh",
      description:
        "How QuickSight takes in what a run has made. QuickSight makes 32 full refreshes of a data set a day, and 100 incremental ones. Default: full.",
    }),
    embedDomains: z
      .array(domain)
      .max(mostDomains)
      .default([])
      .meta({
        title: "Embed domains",
        description: `Origins of the pages that may embed the dashboard, ${mostDomains} at most. Default: none, and no way to embed it.`,
      }),
    digest: digest.optional(),
    theme: z
      .enum(["light", "dark"])
      .default("light")
      .meta({ title: "Theme", description: "Look of the dashboard. Default: light." }),
  })
  .meta({ title: "Dashboard", description: "The dashboard in QuickSight, who sees it, and the digest by e-mail." });

/** @param timeZone of the environment's first city */
export function toDashboard(section: z.output<typeof dashboardSection>, timeZone: string): Dashboard {
  const { identityRegion, digest: letter, ...rest } = section;
  return {
    ...rest,
    ...(identityRegion === undefined ? {} : { identityRegion }),
    ...(letter === undefined ? {} : { digest: { ...letter, timeZone: letter.timeZone ?? timeZone } }),
  };
}
