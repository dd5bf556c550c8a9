/** The demo shop's assortment: one coastal outfitter, written for this project. The data is in `assortment.json`. */
import shelves from "./assortment.json" with { type: "json" };

/** Name, price in pence, stock, grams, what it is; `option` makes variants; `was` is the price before a sale. */
export interface DemoProduct {
  readonly title: string;
  readonly pence: number;
  readonly stock: number;
  readonly grams: number;
  readonly text: string;
  readonly was?: number;
  readonly option?: { readonly name: string; readonly values: readonly string[] };
  readonly backorder?: boolean;
}

/** Category → its products. */
export const ASSORTMENT: Readonly<Record<string, readonly DemoProduct[]>> = shelves;
