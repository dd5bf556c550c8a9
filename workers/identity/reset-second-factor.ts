/**
 * Help for somebody who lost phone and recovery codes: the staff take the authenticator app off the account, once they know by
 * other means who asks. The password alone opens it then, so everything that was open is closed, and the owner hears of it.
 */
import { and, eq } from "drizzle-orm";
import type { Principal } from "../shared/principal.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { covers, scopesOf } from "../shared/staff-roles.ts";
import { announceMessage, writingMessage } from "./account-message.ts";
import { readAuthenticator } from "./authenticator.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { revokingAllGrants } from "./oauth/revoke-grants.ts";
import type { OperatorError } from "./operator-errors.ts";
import { revokingAllSessions } from "./revoke-sessions.ts";
import { authenticators, customers, recoveryCodes, staff } from "./schema.ts";

export type ResetSecondFactorError =
  | { readonly code: "no_customer" }
  | Extract<IdentityError, { code: "no_authenticator" }>
  | Extract<OperatorError, { code: "beyond_own_scopes" }>;

/** Of whoever is of the staff only somebody who may do as much: it would else be a way to their rights. */
export async function resetSecondFactor(
  store: Store,
  actor: Principal,
  customerId: string,
  nowMs: number,
): Promise<Result<null, ResetSecondFactorError>> {
  const { database } = store;
  const found = await database
    .select({ customer: customers, role: staff.role })
    .from(customers)
    .leftJoin(staff, eq(staff.customerId, customers.id))
    .where(and(eq(customers.id, customerId), eq(customers.status, "active")))
    .get();
  if (found === undefined) return err({ code: "no_customer" });
  if (found.role !== null && !covers(actor.scopes, scopesOf(found.role))) return err({ code: "beyond_own_scopes" });
  if ((await readAuthenticator(database, customerId)) === undefined) return err({ code: "no_authenticator" });
  const { email, emailNormalized } = found.customer;
  const notice = writingMessage(database, { customerId, kind: "two_factor_reset", email, emailNormalized }, nowMs);
  await database.batch([
    database.delete(authenticators).where(eq(authenticators.customerId, customerId)),
    database.delete(recoveryCodes).where(eq(recoveryCodes.customerId, customerId)),
    database.update(customers).set({ devicesSinceMs: nowMs, updatedAtMs: nowMs }).where(eq(customers.id, customerId)),
    revokingAllSessions(database, customerId, "revoked", nowMs),
    revokingAllGrants(database, customerId, "revoked", nowMs),
    ...notice.statements,
  ]);
  await announceMessage(store, notice.id);
  return ok(null);
}
