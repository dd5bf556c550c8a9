/** The gateway has verified the token; a session that ended since is refused here, at once. */

import { CLIENT_ADDRESS_HEADER } from "../shared/client-address.ts";
import type { ServiceContext } from "../shared/http.ts";
import { requireCustomer } from "../shared/principal.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { type Account, findAccount } from "./find-account.ts";

/** @throws ProblemError 401 without a login, or with one whose session has ended. */
export async function requireAccount(c: ServiceContext<Env>, nowMs: number): Promise<Account> {
  const principal = c.get("principal");
  const customerId = requireCustomer(principal);
  const account = await findAccount(openStore(c.env).database, principal.sessionId ?? "", nowMs);
  if (account === undefined || account.customer.id !== customerId) throw refusal({ code: "session_ended" });
  return account;
}

/** Where the call comes from, as the gateway saw it. */
export function networkOf(c: ServiceContext<Env>): string | null {
  return c.req.header(CLIENT_ADDRESS_HEADER) ?? null;
}

/** For `security` of a route that needs a customer. */
export const CUSTOMER_ONLY = [{ bearer: [] }];
