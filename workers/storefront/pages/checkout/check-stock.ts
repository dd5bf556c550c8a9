/** What live stock says about each line of a cart, before the shopper is told so by a failed checkout. */
import { type Level, stockBand } from "../../islands/stock-text.ts";
import type { PageContext } from "../../page-context.ts";
import { inTime } from "../../peers/ask.ts";
import type { CartLineView } from "../../peers/carts.ts";
import { readAvailability } from "../../peers/catalog.ts";

/** SKUs of one question, and how long a page waits: the stock is checked again when the order is placed. */
const SKUS_PER_CALL = 100;
const PATIENCE_MS = 2_500;

export type StockBySku = ReadonlyMap<string, Level>;

type Wanted = Pick<CartLineView, "sku" | "quantity">;

export async function checkStock(page: PageContext, lines: readonly Wanted[]): Promise<StockBySku> {
  const chunks = Array.from({ length: Math.ceil(lines.length / SKUS_PER_CALL) }, (_, index) =>
    lines.slice(index * SKUS_PER_CALL, (index + 1) * SKUS_PER_CALL).map((line) => line.sku),
  );
  const answers = await Promise.all(chunks.map((skus) => inTime(PATIENCE_MS, readAvailability(page, skus))));
  return new Map(answers.flatMap((answer) => (answer.ok ? [...answer.value] : [])));
}

/** How many are left of a line that wants more; undefined when there is enough, more can be made, or nobody knows. Pure. */
export function leftOf(line: Wanted, stock: StockBySku): number | undefined {
  const level = stock.get(line.sku);
  if (level === undefined) return undefined;
  const band = stockBand(level, line.quantity);
  return band === "out" || band === "short" ? level.available : undefined;
}

export function shortLines<L extends Wanted>(lines: readonly L[], stock: StockBySku): L[] {
  return lines.filter((line) => leftOf(line, stock) !== undefined);
}

/** What the cart would hold if it took what is left: 0 removes. Pure. */
export function whatIsLeft(lines: readonly Wanted[], stock: StockBySku): Wanted[] {
  return lines.map((line) => ({ sku: line.sku, quantity: leftOf(line, stock) ?? line.quantity }));
}
