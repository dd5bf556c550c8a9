/**
 * A worker beside the served system that holds as orders does, so that holds are measured without HTTP. One request is one
 * partition: its buyers may share calls.
 */
import { Holds, INVENTORY_POLICY } from "../durable-objects/checkout-partition/hold-together.ts";
import type { HoldCommand, InventoryApi } from "../workers/inventory/contract.ts";
import { callPeer } from "../workers/shared/call-peer.ts";
import { later } from "../workers/shared/later.ts";
import { newContext } from "../workers/shared/telemetry.ts";

interface DriverEnv {
  readonly INVENTORY: InventoryApi;
}

interface Held {
  readonly ok: boolean;
}

const HOLD_MS = 15 * 60_000;

/** The bare call. */
async function holdBarely({ INVENTORY }: DriverEnv, command: HoldCommand): Promise<Held> {
  const result = await INVENTORY.hold(command, newContext());
  const { ok } = result;
  (result as Partial<Disposable>)[Symbol.dispose]?.();
  return { ok };
}

/** A full batch in one call. @returns how many of them hold */
async function holdBatch({ INVENTORY }: DriverEnv, sku: string, holdIds: readonly string[]): Promise<number> {
  const expiresAtMs = Date.now() + HOLD_MS;
  const holds = holdIds.map((holdId) => ({ holdId, quantity: 1, expiresAtMs, context: newContext() }));
  const result = await INVENTORY.holdTogether({ sku, holds });
  const held = result.ok ? result.value.filter(({ ok }) => ok).length : 0;
  (result as Partial<Disposable>)[Symbol.dispose]?.();
  return held;
}

/**
 * `?sku=S&holds=N&concurrency=C&run=R` → `{ held, refused }`. `spread=K` turns the SKU into `S-0` … `S-(K-1)`. `by=partition`
 * holds as a partition does, `by=alone` under its guard but without gathering, else barely. `batch=B` makes calls of B
 * holds, one after the other.
 */
const driver = {
  async fetch(request: Request, env: DriverEnv): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const total = Number(query.get("holds"));
    const spread = Number(query.get("spread") ?? 0);
    const batch = Number(query.get("batch") ?? 0);
    const skuOf = (index: number) => (spread === 0 ? (query.get("sku") ?? "") : `${query.get("sku")}-${index % spread}`);
    const idOf = (index: number) => `bench-${query.get("run")}-${index}`;
    const holds = new Holds(() => env.INVENTORY, later);
    const hold = async (command: HoldCommand): Promise<Held> => {
      if (query.get("by") === "partition") return await holds.hold(command, newContext());
      if (query.get("by") !== "alone") return await holdBarely(env, command);
      return await callPeer(INVENTORY_POLICY, () => env.INVENTORY.hold(command, newContext()));
    };
    const counts = { held: 0, refused: 0 };
    let next = 0;
    async function buyer(): Promise<void> {
      for (let index = next++; index < total; index = next++) {
        const lines = [{ sku: skuOf(index), quantity: 1 }];
        const { ok } = await hold({ holdId: idOf(index), lines, expiresAtMs: Date.now() + HOLD_MS });
        if (ok) counts.held++;
        else counts.refused++;
      }
    }
    if (batch > 0) {
      for (; next < total; next += batch) {
        const ids = Array.from({ length: Math.min(batch, total - next) }, (_, index) => idOf(next + index));
        const held = await holdBatch(env, skuOf(0), ids);
        counts.held += held;
        counts.refused += ids.length - held;
      }
    } else await Promise.all(Array.from({ length: Number(query.get("concurrency")) }, buyer));
    return Response.json(counts);
  },
};

export default driver;
