import type { types } from "@pulumi/aws";
import { palettes, type ThemeName } from "./palette.ts";

export interface ThemePlan {
  baseThemeId: "CLASSIC" | "MIDNIGHT";
  configuration: types.input.quicksight.ThemeConfiguration;
}

/** QuickSight's starting points (API reference, CreateTheme, BaseThemeId). */
const bases: Readonly<Record<ThemeName, ThemePlan["baseThemeId"]>> = { light: "CLASSIC", dark: "MIDNIGHT" };

/** A theme as QuickSight takes it. */
export function themePlan(name: ThemeName): ThemePlan {
  const palette = palettes[name];
  const { panel, background, text, accent, danger, warning, success } = palette;
  const [blue, orange] = palette.data;
  return {
    baseThemeId: bases[name],
    configuration: {
      dataColorPalette: {
        colors: [...palette.data],
        emptyFillColor: palette.empty,
        minMaxGradients: [...palette.amounts],
      },
      uiColorPalette: {
        primaryBackground: panel,
        primaryForeground: text,
        secondaryBackground: background,
        secondaryForeground: palette.mutedText,
        accent,
        accentForeground: panel,
        danger,
        dangerForeground: panel,
        warning,
        warningForeground: panel,
        success,
        successForeground: panel,
        dimension: blue,
        dimensionForeground: panel,
        measure: orange,
        measureForeground: panel,
      },
      sheet: {
        tile: { border: { show: false } },
        tileLayout: { gutter: { show: true }, margin: { show: true } },
      },
      typography: { fontFamilies: [{ fontFamily: "Amazon Ember" }] },
    },
  };
}
