/** What a CheckoutPartition is bound to. Peers are interfaces, read at call time, so that a test passes plain objects. */
import * as z from "zod";
import type { InventoryApi } from "../../workers/inventory/contract.ts";
import type { PaymentsApi } from "../../workers/payments/contract.ts";
import { integerVariable, SecretVariable } from "../../workers/shared/configuration.ts";
import { CurrencyCode } from "../../workers/shared/money.ts";

export interface PartitionEnv {
  readonly INVENTORY: InventoryApi;
  readonly PAYMENTS: PaymentsApi;
  readonly HOLD_MINUTES: string;
  readonly CAPABILITY_SECRET: string;
  readonly SHOP_CURRENCY: string;
}

export const PartitionConfiguration = z.object({
  /** How long stock waits for its payment; one clock for both. */
  HOLD_MINUTES: integerVariable(1, 24 * 60),
  CAPABILITY_SECRET: SecretVariable,
  /** Of carts that nothing was put into yet. */
  SHOP_CURRENCY: CurrencyCode,
});

/** Every queue that wants order events is bound under this prefix; a new follower needs no code here. */
const EVENT_QUEUE_PREFIX = "ORDER_EVENTS_";

export function eventQueues(env: object): Queue[] {
  return Object.entries(env).flatMap(([name, binding]) => (name.startsWith(EVENT_QUEUE_PREFIX) ? [binding as Queue] : []));
}
