import type { ColumnConfiguration } from "../../components/dashboard/definition/schema.ts";
import type { Theme } from "../api.ts";
import type { Dashboard } from "./server.ts";

/**
 * The colours of a dashboard in one theme. A definition is declared in the colours of one; a colour's place is the same in
 * every theme, so that what is declared in one is drawn in the other.
 */
export class Colors {
  readonly theme: Theme;
  readonly #declared: Theme;
  readonly #configurations: readonly ColumnConfiguration[];

  constructor({ themes, theme, definition }: Dashboard, dark: boolean) {
    const declared = themes.find(({ arn }) => arn === theme) ?? themes[0];
    if (!declared) throw new TypeError("A dashboard has a theme.");
    this.#declared = declared;
    this.theme = themes.find((one) => one.dark === dark) ?? declared;
    this.#configurations = definition.ColumnConfigurations;
  }

  /** Of the place-th thing to tell apart. */
  data(place: number): string {
    const { colors } = this.theme;
    return colors[place % colors.length] ?? "currentColor";
  }

  get text(): string {
    return this.#interface("primaryForeground");
  }

  get mutedText(): string {
    return this.#interface("secondaryForeground");
  }

  get panel(): string {
    return this.#interface("primaryBackground");
  }

  /** Of lines that help to read, and of what has no value. */
  get faint(): string {
    return this.theme.emptyFillColor;
  }

  /** The colour of a known value of a column, the same in every visual. */
  ofValue(dataSet: string, column: string, value: string): string | undefined {
    const found = this.#configurations.find(
      ({ Column }) => Column.DataSetIdentifier === dataSet && Column.ColumnName === column,
    );
    const color = found?.ColorsConfiguration.CustomColors.find(({ FieldValue }) => FieldValue === value)?.Color;
    return color === undefined ? undefined : this.shown(color);
  }

  /** A declared colour in this theme. One that the themes do not know stands between their two ends: it is no colour. */
  shown(color: string): string {
    if (this.theme === this.#declared) return color;
    const places = placesOf(this.#declared);
    const place = [...places].find(([, one]) => one.toUpperCase() === color.toUpperCase())?.[0];
    return (place === undefined ? undefined : placesOf(this.theme).get(place)) ?? this.theme.emptyFillColor;
  }

  #interface(name: string): string {
    return this.theme.interface[name] ?? "currentColor";
  }
}

function placesOf({ colors, gradient, emptyFillColor, interface: parts }: Theme): ReadonlyMap<string, string> {
  return new Map([
    ...colors.map((color, place): [string, string] => [`data ${place}`, color]),
    ...gradient.map((color, place): [string, string] => [`gradient ${place}`, color]),
    ["empty", emptyFillColor],
    ...Object.entries(parts),
  ]);
}
