/** Rates as a picture, on a logarithmic scale, with ticks for what is asked; a run of the bench has the bare runtime above. SVG text. Pure. */
import { type Figure, medianOf, type ReferenceName, type Run } from "./figure.ts";
import { REFERENCE_TITLES } from "./table.ts";

const WIDTH = 860;
const LABEL_WIDTH = 270;
const VALUE_WIDTH = 90;
const ROW_HEIGHT = 24;
const BAR_HEIGHT = 14;
const HEAD_HEIGHT = 46;
const DECADE_MIN = 0;
const DECADE_MAX = 5;

export interface ChartRow {
  readonly label: string;
  readonly perSecond: number;
  /** The least rate that is asked for; null where the bar is about something else. */
  readonly asked: number | null;
  readonly isReference: boolean;
}

export interface BarChart {
  readonly title: string;
  /** What the scale and the colours say. */
  readonly caption: string;
  readonly rows: readonly ChartRow[];
}

export function chart(run: Run): string {
  return barChart({
    title: `Holdfast, rates per second, ${run.at.slice(0, 10)}`,
    caption: "per second, logarithmic · grey: the bare runtime in the same run · orange: what we ask for",
    rows: rowsOf(run),
  });
}

export function barChart({ title, caption, rows }: BarChart): string {
  const height = HEAD_HEIGHT + rows.length * ROW_HEIGHT + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">${escapeXml(title)}</title>
<style>
svg { font: 13px system-ui, sans-serif; --ink: #1f2a33; --faint: #d5dbe0; --ours: #0b6e75; --bare: #8a98a3; --asked: #c2410c }
@media (prefers-color-scheme: dark) { svg { --ink: #e6edf2; --faint: #3a464f; --ours: #4fb3b9; --bare: #6d7c87; --asked: #fb923c } }
text { fill: var(--ink) } .grid { stroke: var(--faint) } .ours { fill: var(--ours) } .bare { fill: var(--bare) } .asked { stroke: var(--asked); stroke-width: 2.5 }
.small { font-size: 11px } .value { font-variant-numeric: tabular-nums }
</style>
<text x="${LABEL_WIDTH}" y="16" class="small">${escapeXml(caption)}</text>
${grid(height)}
${rows.map(drawRow).join("\n")}
</svg>
`;
}

function rowsOf({ references, figures }: Run): readonly ChartRow[] {
  const bare = (Object.keys(REFERENCE_TITLES) as ReferenceName[]).flatMap((name): ChartRow[] => {
    const rounds = references[name];
    if (rounds === undefined) return [];
    return [{ label: REFERENCE_TITLES[name], perSecond: medianOf(rounds).perSecond, asked: null, isReference: true }];
  });
  const ours = figures
    .filter(({ unit }) => unit !== "starts")
    .map((figure) => ({
      label: figure.title,
      perSecond: medianOf(figure.rounds).perSecond,
      asked: askedRate(figure),
      isReference: false,
    }));
  return [...bare, ...ours];
}

function askedRate({ bar, reference, beside }: Figure): number | null {
  if (bar?.atLeast === undefined) return null;
  if (bar.of === "perSecond") return bar.atLeast;
  return bar.of === "ratio" ? bar.atLeast * medianOf(beside[reference] ?? []).perSecond : null;
}

function x(perSecond: number): number {
  const decades = Math.log10(Math.max(1, perSecond));
  const share = Math.min(1, Math.max(0, (decades - DECADE_MIN) / (DECADE_MAX - DECADE_MIN)));
  return LABEL_WIDTH + share * (WIDTH - LABEL_WIDTH - VALUE_WIDTH);
}

function grid(height: number): string {
  return Array.from({ length: DECADE_MAX - DECADE_MIN + 1 }, (_, index) => {
    const value = 10 ** (DECADE_MIN + index);
    const at = x(value).toFixed(1);
    return `<line class="grid" x1="${at}" y1="${HEAD_HEIGHT - 6}" x2="${at}" y2="${height - 6}"/><text class="small" text-anchor="middle" x="${at}" y="${HEAD_HEIGHT - 12}">${value.toLocaleString("en")}</text>`;
  }).join("\n");
}

function drawRow({ label, perSecond, asked, isReference }: ChartRow, index: number): string {
  const top = HEAD_HEIGHT + index * ROW_HEIGHT;
  const middle = top + BAR_HEIGHT / 2 + 4;
  const end = x(perSecond);
  const tick =
    asked === null
      ? ""
      : `<line class="asked" x1="${x(asked).toFixed(1)}" y1="${top - 2}" x2="${x(asked).toFixed(1)}" y2="${top + BAR_HEIGHT + 2}"/>`;
  return `<text x="${LABEL_WIDTH - 10}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>
<rect class="${isReference ? "bare" : "ours"}" x="${LABEL_WIDTH}" y="${top}" width="${(end - LABEL_WIDTH).toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>${tick}
<text class="value" x="${(Math.max(end, asked === null ? 0 : x(asked)) + 6).toFixed(1)}" y="${middle}">${perSecond.toLocaleString("en", { maximumFractionDigits: 0 })}</text>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
