/** Bindings of the notifications worker; text bindings are parsed in configuration.ts. */
import type { IdentityApi } from "../../workers/identity/contract.ts";
import type { OrdersApi } from "../../workers/orders/contract.ts";
import type { DeadLetterNotice } from "../contracts/dead-letters.ts";

/** Wakes the outbox; what is due is in the database. */
export type OutboxWake = { readonly outbox: "due" };

export interface Env {
  readonly DATABASE: D1Database;
  readonly ORDERS: OrdersApi;
  readonly IDENTITY: Pick<IdentityApi, "readAccountMessage" | "listUnsentMessages" | "markMessagesSent">;
  readonly MAIL: SendEmail;
  readonly OUTBOX: Queue<OutboxWake>;
  readonly DEAD_LETTERS: Queue<DeadLetterNotice>;
}
