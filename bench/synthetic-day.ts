/**
 * A day of invoices that nobody sent, in the shape of a real wholesaler's of gifts: many lines an invoice with a long tail,
 * most of one or a dozen pieces, a few SKUs wanted by many (Zipf and Mandelbrot), guests among the customers, some other
 * countries, returns and postage between the sales. Rows as `npm run replay` reads them. Same seed, same day. Pure.
 */
import { seededRandom } from "./seeded-random.ts";

export interface DayShape {
  readonly seed: number;
  readonly invoices: number;
}

/** A busy one: half of the year's days have fewer than 60. */
export const BUSY_DAY: DayShape = { seed: 1, invoices: 140 };

const OPENS_AT = "2026-11-27T08:00:00Z";
const OPEN_MS = 10 * 60 * 60_000;
const INVOICE_FIRST = 600_000;
const CUSTOMER_FIRST = 12_000;
const CUSTOMERS = 6_000;
const CODE_FIRST = 20_000;
const SKUS = 3_600;
/** The 1st is in one of ten invoices, the 10th in two thirds as many, the 1000th in one of twenty of those. */
const RANK_OFFSET = 10;
const RANK_EXPONENT = 0.7;
/** Half of the invoices have at most so many lines, one in a hundred two hundred. */
const LINES_MEDIAN = 14;
const LINES_SPREAD = 1.15;
const LINES_MAX = 500;
const PRICE_MEDIAN_MINOR = 210;
const PRICE_SPREAD = 0.95;
const PRICE_MIN_MINOR = 10;
const PACKS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 6, 6, 12, 12, 24];
const LARGE_PACKS = [48, 100, 240, 600];
const ONE_LARGE_IN = 50;
const ONE_GUEST_IN = 8;
const ONE_RETURN_IN = 6;
const ONE_POSTAGE_IN = 20;
const ONE_ABROAD_IN = 11;
const HOME = "United Kingdom";
const ABROAD = ["Germany", "France", "EIRE"];

interface Article {
  readonly code: string;
  readonly priceMinor: number;
}

/** No product: the reader leaves it out, as it does returns. */
const POSTAGE: Article = { code: "POST", priceMinor: 1_800 };

export function syntheticDay({ seed, invoices }: DayShape): readonly (readonly string[])[] {
  const random = seededRandom(seed);
  const wanted = byRank(articlesOf(random), random);
  return Array.from({ length: invoices }, (_, index) => invoiceRows(index, timeOf(index / invoices), wanted, random)).flat();
}

function articlesOf(random: () => number): readonly Article[] {
  return Array.from({ length: SKUS }, (_, index) => {
    const priceMinor = Math.max(PRICE_MIN_MINOR, skewed(PRICE_MEDIAN_MINOR, PRICE_SPREAD, random));
    return { code: String(CODE_FIRST + index), priceMinor };
  });
}

/** @returns its sales, each article once; perhaps the postage, and something that was brought back. */
function invoiceRows(index: number, time: string, wanted: () => Article, random: () => number): readonly string[][] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const oneIn = (of: number) => random() * of < 1;
  const number = String(INVOICE_FIRST + index);
  const customer = oneIn(ONE_GUEST_IN) ? "" : String(CUSTOMER_FIRST + Math.floor(random() * CUSTOMERS));
  const country = oneIn(ONE_ABROAD_IN) ? pick(ABROAD) : HOME;
  const row = (invoice: string, { code, priceMinor }: Article, quantity: number) => [
    ...[invoice, code, `ARTICLE ${code}`, String(quantity), time, (priceMinor / 100).toFixed(2), customer, country],
  ];
  const lines = Math.min(LINES_MAX, Math.max(1, skewed(LINES_MEDIAN, LINES_SPREAD, random)));
  const bought = new Set<Article>();
  while (bought.size < lines) bought.add(wanted());
  const sales = Array.from(bought, (article) => row(number, article, pick(oneIn(ONE_LARGE_IN) ? LARGE_PACKS : PACKS)));
  const postage = oneIn(ONE_POSTAGE_IN) ? [row(number, POSTAGE, 1)] : [];
  const returned = oneIn(ONE_RETURN_IN) ? [row(`C${number}`, wanted(), -1)] : [];
  return [...sales, ...postage, ...returned];
}

function timeOf(shareOfDay: number): string {
  return new Date(Date.parse(OPENS_AT) + shareOfDay * OPEN_MS).toISOString();
}

/** The more wanted, the more often. */
function byRank<T>(items: readonly T[], random: () => number): () => T {
  const ends: number[] = [];
  let total = 0;
  for (const rank of items.keys()) {
    total += (rank + 1 + RANK_OFFSET) ** -RANK_EXPONENT;
    ends.push(total);
  }
  return () => {
    const at = random() * total;
    return items[ends.findIndex((end) => end > at)] as T;
  };
}

/** Log-normal. */
function skewed(median: number, spread: number, random: () => number): number {
  return Math.round(median * Math.exp(spread * normal(random)));
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
