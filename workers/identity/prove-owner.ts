/**
 * Everything that tells the owner of an account from whoever has its session, asked again before what cannot be undone: the
 * password and, where an authenticator app protects the account, a code.
 */
import { eq } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { readAuthenticator } from "./authenticator.ts";
import type { OwnersProof, OwnersProofRefused } from "./contract.ts";
import type { Store } from "./env.ts";
import { proveOwnPassword } from "./prove-own-password.ts";
import { proveSecondFactor } from "./prove-second-factor.ts";
import { PresentedPassword, SecondFactorCode } from "./representations.ts";
import { customers } from "./schema.ts";

/** The password first: whoever has only the session does not learn whether an app protects the account. */
export async function proveOwner(
  store: Store,
  customerId: string,
  { password, code }: OwnersProof,
  nowMs: number,
): Promise<Result<null, OwnersProofRefused>> {
  const customer = await store.database.select().from(customers).where(eq(customers.id, customerId)).get();
  if (customer === undefined || !PresentedPassword.safeParse(password).success) return err({ code: "wrong_password" });
  const proven = await proveOwnPassword(store, customer, password);
  if (!proven.ok) return proven;
  if ((await readAuthenticator(store.database, customer.id)) === undefined) return ok(null);
  if (code === null) return err({ code: "code_required" });
  if (!SecondFactorCode.safeParse(code).success) return err({ code: "wrong_code" });
  const guessable = [{ quota: "code_by_customer", of: customer.id }] as const;
  return await proveSecondFactor(store, customer, code, { guessable, always: [] }, nowMs);
}
