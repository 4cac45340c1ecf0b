import type { Cell, VisualColumn } from "../../api.ts";
import { axisTitle } from "../definition/visual.ts";
import { cellText } from "./cell-text.ts";
import type { DrawnChart, Size, Stop } from "./chart-canvas.ts";
import { categoryStyle, commonStyle } from "./chart-style.ts";
import { clickOf, type DrawingOf, isPicked, type Mark, markOf } from "./drawing.ts";
import { tipElement } from "./tip.ts";

/** Rows and columns of a grid, and a value in each of its cells. */
export interface Grid {
  row: VisualColumn;
  column: VisualColumn;
  value: VisualColumn;
  rows: Cell[];
  columns: Cell[];
  cells: { x: number; y: number; value: number }[];
  /** What the ends of the colours stand for. */
  least: number;
  most: number;
}

/** A cell with less room than this has no figure in it. */
const roomForText = { width: 44, height: 17 };
const leastRow = 13;
const highestRow = 72;

/** @returns undefined where no cell has a value */
export function gridOf({ data: { columns, rows }, visual }: DrawingOf<"heat map">): Grid | undefined {
  const placeOf = (role: VisualColumn["role"]) => columns.findIndex((column) => column.role === role);
  const places = { row: placeOf("row"), column: placeOf("column"), value: placeOf("value") };
  const [row, column, value] = [columns[places.row], columns[places.column], columns[places.value]];
  if (!row || !column || !value) return undefined;
  const different = (place: number) => [...new Set(rows.map((one) => one[place] ?? null))];
  const names = { rows: different(places.row), columns: sorted(different(places.column), column) };
  const cells = rows.flatMap((one) => {
    const figure = one[places.value];
    if (typeof figure !== "number") return [];
    const [x, y] = [names.columns.indexOf(one[places.column] ?? null), names.rows.indexOf(one[places.row] ?? null)];
    return [{ x, y, value: figure }];
  });
  if (cells.length === 0) return undefined;
  const figures = cells.map((cell) => cell.value);
  const [lowest, highest] = [Math.min(...figures), Math.max(...figures)];
  const isAroundZero = visual.chart.ColorScale.Colors.some(({ DataValue }) => DataValue === 0);
  const furthest = Math.max(Math.abs(lowest), Math.abs(highest)) || 1;
  const ends = isAroundZero ? { least: -furthest, most: furthest } : { least: lowest, most: highest };
  return { row, column, value, ...names, cells, ...ends };
}

/** Rows come in the declared order, columns by row: a column that the first rows lack is put where it belongs. */
function sorted(values: Cell[], { type }: VisualColumn): Cell[] {
  if (type !== "text") return values.toSorted((a, b) => Number(a) - Number(b));
  return values.toSorted((a, b) => String(a).localeCompare(String(b), "en", { numeric: true }));
}

export function scaleColors({ visual, colors }: DrawingOf<"heat map">): string[] {
  return visual.chart.ColorScale.Colors.map(({ Color }) => colors.shown(Color));
}

export function heatMap(drawing: DrawingOf<"heat map">, grid: Grid): DrawnChart {
  const { visual, act } = drawing;
  const action = clickOf(drawing);
  const words = ({ x, y, value }: Grid["cells"][number]) => ({
    title: `${cellText(grid.rows[y] ?? null, grid.row, visual)}, ${headOf(drawing, grid, x)}`,
    rows: [{ name: grid.value.label, value: cellText(value, grid.value, visual) }],
  });
  const stops = new Array<Stop | undefined>(grid.rows.length * grid.columns.length).fill(undefined);
  grid.cells.forEach((cell, dataIndex) => {
    const { title, rows } = words(cell);
    const text = `${title}: ${rows.map(({ value }) => value).join()}`;
    stops[cell.y * grid.columns.length + cell.x] = { seriesIndex: 0, dataIndex, text };
  });
  return {
    option: (size) => optionOf(drawing, grid, size, words),
    height: grid.rows.length * leastRow + 50,
    stops,
    stopsOfRow: grid.columns.length,
    click:
      action &&
      ((_, dataIndex) => {
        const cell = grid.cells[dataIndex];
        if (cell) act(action, markAt(grid, cell));
      }),
  };
}

function markAt({ row, column, rows, columns }: Grid, { x, y }: { x: number; y: number }): Mark {
  return markOf([row, rows[y] ?? null], [column, columns[x] ?? null]);
}

function headOf({ visual }: DrawingOf<"heat map">, { column, columns }: Grid, x: number): string {
  const text = cellText(columns[x] ?? null, column, visual);
  return column.column === "hour_of_day" ? `${text.padStart(2, "0")}:00` : text;
}

function optionOf(
  drawing: DrawingOf<"heat map">,
  grid: Grid,
  { width, height }: Size,
  words: (cell: Grid["cells"][number]) => Parameters<typeof tipElement>[0],
): ReturnType<DrawnChart["option"]> {
  const { visual, colors, clock } = drawing;
  const common = commonStyle(colors);
  const style = categoryStyle(colors);
  const cell = { width: (width - 90) / grid.columns.length, height: (height - 46) / grid.rows.length };
  const hasText = cell.width >= roomForText.width && cell.height >= roomForText.height;
  const unused = Math.max(0, height - 46 - grid.rows.length * highestRow);
  const everyRow = Math.max(1, Math.ceil(15 / cell.height));
  return {
    ...common,
    grid: { left: 2, right: 8, top: 2, bottom: 2 + unused, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: {
      ...common.tooltip,
      trigger: "item",
      formatter: (at) => {
        const { dataIndex } = (Array.isArray(at) ? at[0] : at) ?? { dataIndex: 0 };
        const found = grid.cells[dataIndex];
        return found ? tipElement(words(found)) : "";
      },
    },
    xAxis: {
      type: "category",
      data: grid.columns.map((value) => cellText(value, grid.column, visual)),
      name: clock(axisTitle(visual.chart.ColumnLabelOptions)),
      nameLocation: "middle",
      nameGap: 24,
      ...style,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...style.axisLabel,
        ...(cell.width > 44 && {
          interval: 0,
          hideOverlap: false,
          width: cell.width - 4,
          overflow: "truncate",
          ...(cell.width < 76 && { fontSize: 10 }),
        }),
      },
    },
    yAxis: {
      type: "category",
      data: grid.rows.map((value) => cellText(value, grid.row, visual)),
      inverse: true,
      ...style,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...style.axisLabel,
        interval: everyRow - 1,
        width: Math.min(150, width * 0.3),
        overflow: "truncate",
      },
    },
    visualMap: {
      type: "continuous",
      show: false,
      min: grid.least,
      max: grid.most > grid.least ? grid.most : grid.least + 1,
      inRange: { color: scaleColors(drawing) },
    },
    series: [
      {
        type: "heatmap",
        cursor: clickOf(drawing) ? "pointer" : "default",
        data: grid.cells.map((one) => ({
          value: [one.x, one.y, one.value],
          itemStyle: { opacity: isPicked(drawing.picked, markAt(grid, one)) ? 1 : 0.25 },
          ...(hasText && { label: { show: true, color: inkOn(drawing, grid, one.value) } }),
        })),
        itemStyle: { borderColor: colors.panel, borderWidth: cell.height > 8 ? 1 : 0.5 },
        label: {
          fontSize: 11,
          formatter: ({ dataIndex }) => cellText(grid.cells[dataIndex]?.value ?? null, grid.value, visual),
        },
        emphasis: { itemStyle: { borderColor: colors.text, borderWidth: 1 } },
      },
    ],
  };
}

/** Dark on a light cell, light on a dark one: whichever stands out more (WCAG 2.2, contrast ratio). */
function inkOn(drawing: DrawingOf<"heat map">, { least, most }: Grid, value: number): string {
  const colors = scaleColors(drawing).map(channels);
  const along = (most > least ? (value - least) / (most - least) : 0) * (colors.length - 1);
  const [low, high] = [colors[Math.floor(along)], colors[Math.ceil(along)]];
  const mixed = (low ?? [0, 0, 0]).map(
    (channel, index) => channel + ((high?.[index] ?? channel) - channel) * (along % 1),
  );
  const luminance = luminanceOf(mixed);
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000000" : "#FFFFFF";
}

function channels(color: string): number[] {
  return [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16) / 255);
}

function luminanceOf(parts: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
