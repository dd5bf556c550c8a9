/** The demo shop's assortment: one coastal outfitter, written for this project. The data is in `assortment.json`. */
import shelves from "./assortment.json" with { type: "json" };

export interface DemoOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** Price in pence, stock of each variant, grams, what it is; `was` is the price before a sale. */
export interface DemoProduct {
  readonly title: string;
  readonly pence: number;
  readonly stock: number;
  readonly grams: number;
  readonly text: string;
  /** Material, make, care: one line each. */
  readonly details: readonly string[];
  readonly tags: readonly string[];
  readonly was?: number;
  readonly options?: readonly DemoOption[];
  /** Pence on top for an option's value. */
  readonly surcharge?: Readonly<Record<string, number>>;
  /** Variants without stock, as `Navy/XL`. */
  readonly soldOut?: readonly string[];
  readonly backorder?: boolean;
}

export interface DemoCategory {
  readonly description: string;
  readonly products: readonly DemoProduct[];
}

const SHELVES: Readonly<Record<string, DemoCategory>> = shelves as Readonly<Record<string, DemoCategory>>;

/** In the order that the shop shows them. */
export const CATEGORIES: readonly (DemoCategory & { readonly title: string })[] = Object.entries(SHELVES).map(
  ([title, category]) => ({ title, ...category }),
);

export function colourOption(product: DemoProduct): DemoOption | undefined {
  return product.options?.find((option) => option.name === "Colour");
}
