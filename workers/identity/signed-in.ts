/** The gateway has verified the token; a session that ended since is refused here, at once. */

import { and, eq } from "drizzle-orm";
import { CLIENT_ADDRESS_HEADER } from "../shared/client-address.ts";
import type { ServiceContext } from "../shared/http.ts";
import { type CustomerScope, requireCustomer } from "../shared/principal.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { type Account, findAccount } from "./find-account.ts";
import { type CustomerRow, customers } from "./schema.ts";

/** For what only the customer may do. @throws ProblemError 401 without a login or when its session has ended, 403 for apps. */
export async function requireAccount(c: ServiceContext<Env>, nowMs: number): Promise<Account> {
  const principal = c.get("principal");
  const customerId = requireCustomer(principal);
  const account = await findAccount(openStore(c.env).database, principal.sessionId ?? "", nowMs);
  if (account === undefined || account.customer.id !== customerId) throw refusal({ code: "session_ended" });
  return account;
}

/**
 * For what an app may do with the customer's leave. That the app still has it, the gateway has just asked.
 * @throws ProblemError as `requireAccount`, and 403 for an app without the scope.
 */
export async function requireCustomerOrApp(c: ServiceContext<Env>, scope: CustomerScope, nowMs: number): Promise<CustomerRow> {
  const principal = c.get("principal");
  if (principal.client === null) return (await requireAccount(c, nowMs)).customer;
  const customerId = requireCustomer(principal, scope);
  const which = and(eq(customers.id, customerId), eq(customers.status, "active"));
  const customer = await openStore(c.env).database.select().from(customers).where(which).get();
  if (customer === undefined) throw refusal({ code: "session_ended" });
  return customer;
}

/** Where the call comes from, as the gateway saw it. */
export function networkOf(c: ServiceContext<Env>): string | null {
  return c.req.header(CLIENT_ADDRESS_HEADER) ?? null;
}

/** For `security` of a route that needs a customer. */
export const CUSTOMER_ONLY = [{ bearer: [] }];

/** For `security` of a route that an app may use too. */
export function customerOrApp(scope: CustomerScope) {
  return [{ bearer: [] }, { oauth: [scope] }];
}
