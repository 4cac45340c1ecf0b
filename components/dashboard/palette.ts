import type { MeterTypeName } from "../../environments/index.ts";

/** The dashboard in daylight and at night. */
export const themeNames = ["light", "dark"] as const;

export type ThemeName = (typeof themeNames)[number];

/**
 * Colours of a theme. The eight for data keep apart for people with any of the three kinds of colour blindness, and each
 * stands out from the background by 3 to 1 or more (WCAG 2.2, 1.4.11); a test holds both. A colour has the same place and
 * meaning in every theme, so that a definition drawn in one can be drawn in the other.
 */
export interface Palette {
  data: readonly [
    blue: string,
    orange: string,
    grey: string,
    red: string,
    violet: string,
    wine: string,
    indigo: string,
    orchid: string,
  ];
  /** From little to much. */
  amounts: readonly [string, string];
  /** Less than expected, as expected, more than expected. */
  differences: readonly [string, string, string];
  /** Where there is no value. */
  empty: string;
  background: string;
  panel: string;
  text: string;
  mutedText: string;
  accent: string;
  danger: string;
  warning: string;
  success: string;
}

export const palettes: Readonly<Record<ThemeName, Palette>> = {
  light: {
    data: ["#0B5FA5", "#DB7800", "#6B7280", "#B3261E", "#8F45E8", "#5A2630", "#2B1670", "#C96BDB"],
    amounts: ["#EAF2FA", "#0B4A82"],
    differences: ["#0B5FA5", "#F3F4F6", "#B3261E"],
    empty: "#E5E7EB",
    background: "#F6F7F9",
    panel: "#FFFFFF",
    text: "#17202B",
    mutedText: "#55606E",
    accent: "#0B5FA5",
    danger: "#B3261E",
    warning: "#8A4B00",
    success: "#0F6B4F",
  },
  dark: {
    data: ["#6CB4F5", "#F5A742", "#B8C0CC", "#FF7D6B", "#A855F7", "#A85F82", "#6E8F1E", "#2F7BD0"],
    amounts: ["#1B2A3D", "#8CC6FF"],
    differences: ["#6CB4F5", "#2A313C", "#FF7D6B"],
    empty: "#2A313C",
    background: "#0B0F16",
    panel: "#12161F",
    text: "#E8ECF2",
    mutedText: "#A3ADBA",
    accent: "#6CB4F5",
    danger: "#FF7D6B",
    warning: "#F5A742",
    success: "#4FD1B5",
  },
};

/** What each meter type looks like, everywhere: cold is blue, hot is red. */
export function meterTypeColors({ data }: Palette): Record<MeterTypeName, string> {
  const [blue, orange, grey, red] = data;
  return { electricity: orange, chilledwater: blue, steam: grey, hotwater: red };
}

/** The colours of known values, by column. */
export function valueColors(palette: Palette): Record<string, Record<string, string>> {
  const [blue, orange, grey, red, violet, wine] = palette.data;
  return {
    meter_type: meterTypeColors(palette),
    ended: { stored: blue, dropped: grey, rejected: red },
    state: {
      "silent": red,
      "stuck": orange,
      "zero": violet,
      "wrong values": wine,
      "not registered": grey,
      "well": blue,
    },
  };
}
