/**
 * Tells inventory's database when the SKU sells out and when it comes back, and remembers what was told: a write at each
 * turn, none per sale. Late by an alarm: what may be sold is decided by the object alone.
 */
import type { Opening, StockLevel } from "./contract.ts";
import { recordSoldOut } from "./sold-out-changes.ts";

const TOLD_KEY = "sold-out-told";

export function isSoldOut({ available, backorderable }: StockLevel): boolean {
  return available === 0 && !backorderable;
}

export class SoldOutFlag {
  readonly #storage: DurableObjectStorage;
  readonly #database: D1Database;
  #told: boolean | undefined;

  constructor(storage: DurableObjectStorage, env: object) {
    this.#storage = storage;
    this.#database = (env as { readonly DATABASE: D1Database }).DATABASE;
  }

  /** In the transaction of the opening: the service recorded the balance before it froze it. */
  opened({ balances, backorderable }: Opening): void {
    const available = balances.reduce((sum, { quantity }) => sum + quantity, 0);
    this.#told = undefined;
    if (isSoldOut({ available, backorderable })) this.#storage.kv.put(TOLD_KEY, true);
  }

  isDue(level: StockLevel): boolean {
    this.#told ??= this.#storage.kv.get<boolean>(TOLD_KEY) ?? false;
    return isSoldOut(level) !== this.#told;
  }

  /** Repeating it is harmless. @throws what the database throws; it stays due then. */
  async tell(sku: string, level: StockLevel): Promise<void> {
    if (!this.isDue(level)) return;
    const soldOut = isSoldOut(level);
    await recordSoldOut(this.#database, sku, soldOut);
    this.#storage.kv.put(TOLD_KEY, soldOut);
    this.#told = soldOut;
  }
}
