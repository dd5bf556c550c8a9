/** New variants get their stock before they get their row: a crash between leaves stock that nobody can buy yet. */
import { DEFAULT_LOCATION, type InventoryApi, type OpeningOutcome } from "../inventory/contract.ts";
import { callPeer, type PeerPolicy, type Unavailable } from "../shared/call-peer.ts";
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { VariantInput } from "./product-input.ts";

const POLICY: PeerPolicy = { service: "inventory", deadlineMs: 5_000, retries: 2 };

export function openStock(
  inventory: InventoryApi,
  variants: readonly VariantInput[],
  context: CallContext,
): Promise<Result<OpeningOutcome, Unavailable>> {
  const balances = variants.map((variant) => ({
    sku: variant.sku,
    location: DEFAULT_LOCATION,
    quantity: variant.inventory_quantity,
    backorderable: variant.backorderable,
  }));
  return callPeer(POLICY, () => inventory.setOpeningBalances(balances, context));
}
