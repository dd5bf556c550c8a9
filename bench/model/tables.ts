/** The model's answers as tables and a picture, in the words of `docs/scaling.md`. Pure but for the simulation's promises. */
import { barChart } from "../chart.ts";
import { answersCeiling, ceilings, documentedObject, type ShopShape, skuCeiling } from "./capacity.ts";
import { COUNTED, type MeasuredCosts, PLATFORM } from "./costs.ts";
import type { CheckedCrowd } from "./measure-costs.ts";
import { type Bill, monthlyBill, ordersUntilFull } from "./monthly-bill.ts";
import { simulateHotSku } from "./simulate-hot-sku.ts";

export type Table = readonly (readonly string[])[];

const [LOW, HIGH] = PLATFORM.objectWritesPerSecond;
/** What a partition of a busy shop shares at a time, by the simulation. */
const HOLDS_PER_CALL = 20;
const DISTANCES_MS = [1, 20, 100] as const;
const BUYERS_PER_SECOND = [20, 200, 1_000, 3_000] as const;
const SIMULATED_PARTITIONS = 8;
const SIMULATED_SECONDS = 10;

const SHAPES: readonly (readonly [string, ShopShape])[] = [
  ["a small shop: one region, 1 partition, a best-seller in a fifth of the orders", shape(1, 1, 0.2)],
  ["as delivered, one region: 8 partitions, the same best-seller", shape(1, 8, 0.2)],
  ["as delivered, six regions: 48 partitions, the same best-seller", shape(6, 8, 0.2)],
  ["six regions, 16 partitions each, wide range: no SKU in more than 2 % of orders", shape(6, 16, 0.02)],
  ["six regions, 16 partitions each, one drop: everybody wants one SKU", shape(6, 16, 1)],
];

function shape(regions: number, partitionsPerRegion: number, hottestShare: number): ShopShape {
  return { regions, partitionsPerRegion, hottestShare, linesPerOrder: 1, ordersPerFollowerBatch: 20 };
}

/** What the rest is computed from. */
export function costTable(costs: MeasuredCosts): Table {
  return [
    ["cost", "measured"],
    ["processor time of an order, local, everything in one process", `${costs.processorMsPerOrder.toFixed(1)} ms`],
    ["a visit while nobody else is there", time(costs.visitMs)],
    ["a call to a SKU's object, with its commit", `${costs.objectCallMs.toFixed(2)} ms`],
    ["each hold in it", `${costs.objectHoldMs.toFixed(2)} ms`],
  ];
}

/** Orders a second by the shape of the shop, and what stops it. */
export function ceilingTable(): Table {
  const rows = SHAPES.map(([name, of]) => {
    const [low] = ceilings(of, COUNTED, PLATFORM, LOW);
    const [high] = ceilings(of, COUNTED, PLATFORM, HIGH);
    return [name, `${rate(low?.ordersPerSecond ?? 0)} – ${rate(high?.ordersPerSecond ?? 0)}`, low?.of ?? "", perDay(low)];
  });
  return [["shop", "orders/s", "what stops it", "orders a day at a fifth of the lower figure"], ...rows];
}

/** One SKU, by simulation with the shop's own gathering. */
export async function hotSkuTable(costs: MeasuredCosts): Promise<Table> {
  const object = { callMs: costs.objectCallMs, holdMs: costs.objectHoldMs };
  const documented = documentedObject(LOW);
  const rows: string[][] = [];
  for (const [name, of] of [
    ["as measured (below)", object],
    [`documented: ${LOW} writes/s`, documented],
  ] as const) {
    for (const roundTripMs of DISTANCES_MS) {
      for (const arrivalsPerSecond of BUYERS_PER_SECOND) {
        const question = { costs: of, roundTripMs, arrivalsPerSecond, seed: 1 };
        const whole = { ...question, partitions: SIMULATED_PARTITIONS, seconds: SIMULATED_SECONDS };
        const alone = await simulateHotSku({ ...whole, together: false });
        const together = await simulateHotSku({ ...whole, together: true });
        rows.push([
          name,
          `${roundTripMs} ms`,
          rate(arrivalsPerSecond),
          rate(alone.servedPerSecond),
          `${time(alone.p50Ms)} / ${time(alone.p99Ms)}`,
          rate(together.servedPerSecond),
          `${time(together.p50Ms)} / ${time(together.p99Ms)}`,
          String(together.batchMax),
        ]);
      }
    }
  }
  const head = [
    "object",
    "distance",
    "buyers/s",
    "alone: holds/s",
    "p50 / p99",
    "together: holds/s",
    "p50 / p99",
    "largest call",
  ];
  return [head, ...rows];
}

/** What becomes of buyers of one SKU at the documented limits. */
export function saturationTable(): Table {
  const rows = [LOW, HIGH].map((writes) => {
    const object = documentedObject(writes);
    return [
      `${writes} writes/s an object`,
      rate(answersCeiling(object, { holdsPerCall: 1 })),
      rate(answersCeiling(object, { holdsPerCall: HOLDS_PER_CALL })),
      rate(skuCeiling(object, { holdsPerCall: 1 })),
      rate(skuCeiling(object, { holdsPerCall: HOLDS_PER_CALL })),
    ];
  });
  const head = ["documented", "answers/s, alone", "answers/s, together", "units sold/s, alone", "units sold/s, together"];
  return [head, ...rows];
}

const TRADES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000] as const;

export function billTable(costs: MeasuredCosts): Table {
  const rows = TRADES.map((ordersPerMonth) => {
    const bill = billOf(ordersPerMonth, costs);
    return [ordersPerMonth.toLocaleString("en"), dollars(bill.perMonth), dollars(bill.perThousandOrders), largest(bill)];
  });
  return [["orders a month", "a month", "per 1,000 orders", "most of it, beyond the base fee"], ...rows];
}

/** By orders; what one more thousand costs when nothing is included any more. */
export function nextThousand(costs: MeasuredCosts): number {
  return billOf(1_000_000, costs).nextThousandOrders;
}

function billOf(ordersPerMonth: number, costs: MeasuredCosts): Bill {
  return monthlyBill({ ordersPerMonth, linesPerOrder: 2, viewsPerOrder: 40, monthsKept: 12 }, COUNTED, costs);
}

function largest({ items }: Bill): string {
  const found = Object.entries(items)
    .filter(([, fee]) => fee > 0)
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, 3);
  return found.map(([item, fee]) => `${words(item)} ${dollars(fee)}`).join(", ");
}

export function storageTable({ bytesPerOrder }: MeasuredCosts): Table {
  const rows = Object.entries(bytesPerOrder.databases).map(([database, bytes]) => {
    const orders = ordersUntilFull(bytes, PLATFORM.databaseBytesMax);
    return [`D1 ${database}`, rate(bytes), millions(orders), years(orders, 100_000), years(orders, 1_000_000)];
  });
  const objects = ordersUntilFull(bytesPerOrder.partitions, PLATFORM.databaseBytesMax);
  const partition = [
    "a partition, with 7 others",
    rate(bytesPerOrder.partitions),
    millions(8 * objects),
    years(8 * objects, 100_000),
    years(8 * objects, 1_000_000),
  ];
  return [["store", "bytes an order", "orders until 10 GB", "at 100,000 a month", "at 1,000,000 a month"], ...rows, partition];
}

/** What the model said of crowds of shoppers, and what they met. */
export function crowdTable(crowds: readonly CheckedCrowd[]): Table {
  const rows = crowds.map(({ shoppers, predicted, measured }) => [
    String(shoppers),
    rate(predicted.perSecond),
    rate(measured.perSecond),
    `${((predicted.perSecond / measured.perSecond) * 100).toFixed(0)} %`,
    time(predicted.visitMs),
    time(measured.visitMs),
  ]);
  const head = [
    "shoppers",
    "orders/s, predicted",
    "measured",
    "predicted of measured",
    "a visit, predicted",
    "measured (median)",
  ];
  return [head, ...(rows.length > 0 ? rows : [["not measured yet", "", "", "", "", ""]])];
}

/** Ceilings as bars: where a shop may grow to. */
export function ceilingChart(): string {
  const bar = (label: string, perSecond: number, isReference: boolean) => ({ label, perSecond, asked: null, isReference });
  const low = documentedObject(LOW);
  const rows = [
    bar("a million orders a month, on average", 1e6 / (30 * 86_400), true),
    bar("… in its busiest hour (10×)", 1e7 / (30 * 86_400), true),
    bar("one SKU: units sold, each alone", skuCeiling(low, { holdsPerCall: 1 }), false),
    bar("one SKU: units sold, holds shared", skuCeiling(low, { holdsPerCall: HOLDS_PER_CALL }), false),
    bar("one SKU: buyers answered, shared", answersCeiling(low, { holdsPerCall: HOLDS_PER_CALL }), false),
    ...[1, 8, 48, 96].map((partitions) =>
      bar(partitions === 1 ? "one partition" : `${partitions} partitions`, (partitions * LOW) / COUNTED.partitionTurns, false),
    ),
    bar("the busiest database", ceilings(shape(1, 1, 0.2), COUNTED, PLATFORM, LOW).find(isDatabase)?.ordersPerSecond ?? 0, false),
  ];
  return barChart({
    title: "Orders a second that each part of Holdfast can take on Cloudflare",
    caption: `orders per second, logarithmic · at the lower documented limit of an object, ${LOW} writes/s · grey: for comparison`,
    rows,
  });
}

function isDatabase({ of }: { readonly of: string }): boolean {
  return of === "busiest database";
}

/**
 * Replaces the tables between `<!-- scaling:NAME -->` and `<!-- /scaling:NAME -->`.
 * @throws when a table has no place in the document
 */
export function fillTables(document: string, tables: Readonly<Record<string, Table>>): string {
  let filled = document;
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- scaling:${name} -->\n`, `\n<!-- /scaling:${name} -->`];
    const [from, until] = [filled.indexOf(begin), filled.indexOf(end)];
    if (from < 0 || until < from) throw new Error(`there is no place for the table ${name}`);
    filled = `${filled.slice(0, from + begin.length)}\n${markdown(table)}\n${filled.slice(until)}`;
  }
  return filled;
}

/** Columns as wide as their widest cell, all but the first to the right: as the formatter of documents leaves them. */
export function markdown(table: Table): string {
  const [head = [], ...rows] = table;
  const widths = head.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(pad).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function rate(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 0 });
}

function time(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${milliseconds.toFixed(0)} ms`;
}

function dollars(value: number): string {
  return `$${value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function words(item: string): string {
  return item.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(1)} M`;
}

function years(orders: number, perMonth: number): string {
  return `${(orders / perMonth / 12).toFixed(1)} years`;
}

/** Busy hours are five times the average and more: a day's orders at a fifth of what is possible. */
function perDay(ceiling: { readonly ordersPerSecond: number } | undefined): string {
  return rate(((ceiling?.ordersPerSecond ?? 0) / 5) * 86_400);
}
