/** Bindings of the analytics worker; text bindings are parsed in index.ts. */
import type { InventoryApi } from "../../workers/inventory/contract.ts";
import type { OrdersApi } from "../../workers/orders/contract.ts";
import type { DeadLetterNotice } from "../contracts/dead-letters.ts";

export interface Env {
  readonly DATABASE: D1Database;
  readonly ORDERS: OrdersApi;
  readonly INVENTORY: InventoryApi;
  readonly DEAD_LETTERS: Queue<DeadLetterNotice>;
}
