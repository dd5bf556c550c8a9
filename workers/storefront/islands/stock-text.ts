/** What a stock level means to a buyer, in words: the server and the island say the same thing with it. Pure. */
import type { LiveTexts } from "../texts/live.ts";
import { fillText } from "./fill-text.ts";

export interface Level {
  readonly available: number;
  readonly backorderable: boolean;
}

/** `short`: some are left, but fewer than the cart holds. */
export type StockBand = "in" | "low" | "backorder" | "out" | "short";

/** Up to here the exact number is said; above, it is nobody's hurry. */
const LOW_STOCK_MAX = 5;

/** @param wanted units in the cart; 0 on a product's page. */
export function stockBand({ available, backorderable }: Level, wanted = 0): StockBand {
  if (available < Math.max(1, wanted)) {
    if (backorderable) return "backorder";
    return available === 0 ? "out" : "short";
  }
  return available <= LOW_STOCK_MAX ? "low" : "in";
}

export function stockText(texts: Pick<LiveTexts, "stock">, level: Level, wanted = 0): string {
  return fillText(texts.stock[stockBand(level, wanted)], { n: level.available, wanted });
}

/** False: the button has nothing to sell. */
export function isBuyable(level: Level): boolean {
  return level.available > 0 || level.backorderable;
}
