/** Inventory as the catalogue sees it: opening balances in memory, SKUs that are in use, and outages on demand. */
import { WorkerEntrypoint } from "cloudflare:workers";
import {
  type Availability,
  OPENING_BALANCES_MAX,
  type OpeningBalance,
  type SoldOutChange,
} from "../../../../workers/inventory/contract.ts";
import { ok, type Result } from "../../../../workers/shared/result.ts";

export interface FakeInventoryApi {
  reset(): Promise<void>;
  /** The next calls throw. */
  failNext(calls: number): Promise<void>;
  markInUse(sku: string): Promise<void>;
  balanceOf(sku: string): Promise<OpeningBalance | null>;
  calls(): Promise<number>;
  /** SKUs that sold out, or came back. */
  turn(skus: readonly string[], soldOut: boolean): Promise<void>;
  /** The next reads of turns throw. */
  failReads(calls: number): Promise<void>;
}

const balances = new Map<string, OpeningBalance>();
const inUse = new Set<string>();
/** Not reset: the catalogue's mirror remembers how far it read. */
const turns = new Map<string, SoldOutChange>();
let revision = 0;
let failures = 0;
let readFailures = 0;
let calls = 0;

// biome-ignore lint/style/noDefaultExport: the runtime asks for one.
export default class FakeInventory extends WorkerEntrypoint<object> implements FakeInventoryApi {
  override async fetch(): Promise<Response> {
    return new Response("fake");
  }

  async setOpeningBalances(given: readonly OpeningBalance[]): Promise<Result<{ alreadyOpened: string[] }, never>> {
    calls++;
    if (failures > 0) {
      failures--;
      throw new Error("inventory is out");
    }
    if (given.length > OPENING_BALANCES_MAX) throw new Error("too many balances");
    for (const balance of given) if (!inUse.has(balance.sku)) balances.set(balance.sku, balance);
    return ok({ alreadyOpened: given.map((balance) => balance.sku).filter((sku) => inUse.has(sku)) });
  }

  async availability(skus: readonly string[]): Promise<Result<readonly Availability[], never>> {
    return ok(
      skus.map((sku) => {
        const balance = balances.get(sku);
        return {
          sku,
          available: balance?.quantity ?? 0,
          backorderable: balance?.backorderable ?? false,
          known: balance !== undefined,
        };
      }),
    );
  }

  async readSoldOutChanges(afterRevision: number, limit: number): Promise<readonly SoldOutChange[]> {
    if (readFailures-- > 0) throw new Error("inventory is out");
    return [...turns.values()]
      .filter((change) => change.revision > afterRevision)
      .sort((a, b) => a.revision - b.revision)
      .slice(0, limit);
  }

  async turn(skus: readonly string[], soldOut: boolean): Promise<void> {
    for (const sku of skus) turns.set(sku, { sku, soldOut, revision: ++revision });
  }

  async failReads(count: number): Promise<void> {
    readFailures = count;
  }

  async reset(): Promise<void> {
    balances.clear();
    inUse.clear();
    failures = 0;
    calls = 0;
  }

  async failNext(count: number): Promise<void> {
    failures = count;
  }

  async markInUse(sku: string): Promise<void> {
    inUse.add(sku);
  }

  async balanceOf(sku: string): Promise<OpeningBalance | null> {
    return balances.get(sku) ?? null;
  }

  async calls(): Promise<number> {
    return calls;
  }
}
