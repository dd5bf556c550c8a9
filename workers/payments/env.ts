/** Bindings of the payments worker; peers are typed by their contracts. Kept equal to wrangler.toml by hand. */
import type { DeadLetterNotice } from "../../queues/contracts/dead-letters.ts";
import type { OrdersApi } from "../orders/contract.ts";

export interface Env {
  readonly DATABASE: D1Database;
  readonly ORDERS: OrdersApi;
  readonly DEAD_LETTERS: Queue<DeadLetterNotice>;
  /** The payment sandbox; absent where the provider itself is asked. */
  readonly PAYMENT_PROVIDER?: Fetcher;
  readonly STRIPE_API_KEY: string;
  readonly STRIPE_WEBHOOK_SECRET?: string;
}
