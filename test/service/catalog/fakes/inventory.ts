/** Inventory as the catalogue sees it: opening balances in memory, SKUs that are in use, and outages on demand. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { type Availability, OPENING_BALANCES_MAX, type OpeningBalance } from "../../../../workers/inventory/contract.ts";
import { ok, type Result } from "../../../../workers/shared/result.ts";

export interface FakeInventoryApi {
  reset(): Promise<void>;
  /** The next calls throw. */
  failNext(calls: number): Promise<void>;
  markInUse(sku: string): Promise<void>;
  balanceOf(sku: string): Promise<OpeningBalance | null>;
  calls(): Promise<number>;
}

const balances = new Map<string, OpeningBalance>();
const inUse = new Set<string>();
let failures = 0;
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
