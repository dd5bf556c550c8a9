/** Collects the rows of each product. Rows of one product stand together in the file; a broken line does not part them. Pure. */
import { VARIANTS_PER_PRODUCT_MAX } from "../../workers/catalog/contract.ts";
import type { RowReading } from "./read-row.ts";
import type { Refusal } from "./row-cells.ts";

export interface ProductGroup {
  readonly handle: string;
  readonly rows: readonly RowReading[];
}

export class RowGrouper {
  #handle: string | null = null;
  #rows: RowReading[] = [];
  #refusals: Refusal[] = [];

  /** @returns the product that this row ends, when it starts another. */
  add(reading: RowReading): ProductGroup | null {
    if (reading.handle === null) {
      if (reading.refusal !== null) this.#refusals.push(reading.refusal);
      return null;
    }
    const finished = reading.handle === this.#handle ? null : this.end();
    this.#handle = reading.handle;
    this.#rows.push(reading);
    return finished;
  }

  /** @returns the product that was being read. */
  end(): ProductGroup | null {
    if (this.#handle === null) return null;
    const group = { handle: this.#handle, rows: this.#rows };
    this.#handle = null;
    this.#rows = [];
    return group;
  }

  /** Refusals of rows that belong to no product, since the last call. */
  takeRefusals(): Refusal[] {
    const taken = this.#refusals;
    this.#refusals = [];
    return taken;
  }
}

export function tooMany(row: number): Refusal {
  return { row, code: "too_many_variants", message: `A product has at most ${VARIANTS_PER_PRODUCT_MAX} variants.` };
}
