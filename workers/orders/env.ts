/** Bindings of the orders worker; peers are typed by their contracts. Kept equal to wrangler.toml by hand. */
import type { DeadLetterNotice } from "../../queues/contracts/dead-letters.ts";
import type { CatalogApi } from "../catalog/contract.ts";
import type { InventoryApi } from "../inventory/contract.ts";
import type { PaymentsApi } from "../payments/contract.ts";

export interface Env {
  readonly DATABASE: D1Database;
  readonly CHECKOUT_PARTITION: DurableObjectNamespace;
  readonly CATALOG: CatalogApi;
  readonly INVENTORY: InventoryApi;
  readonly PAYMENTS: PaymentsApi;
  readonly ORDER_EVENTS_NOTIFICATIONS: Queue;
  readonly ORDER_EVENTS_ANALYTICS: Queue;
  readonly ORDER_EVENTS_LEDGER: Queue;
  readonly ORDER_EVENTS_PROJECTION: Queue;
  readonly DEAD_LETTERS: Queue<DeadLetterNotice>;
  readonly PUBLIC_URL: string;
  readonly SHOP_CURRENCY: string;
  readonly SHOP_CURRENCIES: string;
  readonly PARTITIONS_PER_REGION: string;
  readonly HOLD_MINUTES: string;
  readonly RETURN_ORIGINS: string;
  readonly CAPABILITY_SECRET: string;
}
