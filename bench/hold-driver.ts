/** A worker beside the served system that calls inventory's RPC as orders does, so that holds are measured without HTTP. */
import type { InventoryApi } from "../workers/inventory/contract.ts";
import { newContext } from "../workers/shared/telemetry.ts";

interface DriverEnv {
  readonly INVENTORY: InventoryApi;
}

const HOLD_MS = 15 * 60_000;

/** `?sku=S&holds=N&concurrency=C&run=R` → `{ held, refused }`. */
const driver = {
  async fetch(request: Request, env: DriverEnv): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const sku = query.get("sku") ?? "";
    const total = Number(query.get("holds"));
    const counts = { held: 0, refused: 0 };
    let next = 0;
    async function buyer(): Promise<void> {
      for (let index = next++; index < total; index = next++) {
        const command = {
          holdId: `bench-${query.get("run")}-${index}`,
          lines: [{ sku, quantity: 1 }],
          expiresAtMs: Date.now() + HOLD_MS,
        };
        const result = await env.INVENTORY.hold(command, newContext());
        if (result.ok) counts.held++;
        else counts.refused++;
        (result as Partial<Disposable>)[Symbol.dispose]?.();
      }
    }
    await Promise.all(Array.from({ length: Number(query.get("concurrency")) }, buyer));
    return Response.json(counts);
  },
};

export default driver;
