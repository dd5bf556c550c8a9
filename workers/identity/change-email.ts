/**
 * A new address for whoever knows the password. Nothing changes until the link in the mail to the new address is used. A salt
 * belongs to an address, so the password is hashed under the new one's now, while it is known.
 */
import { ok, type Result } from "../shared/result.ts";
import { writeMessage } from "./account-message.ts";
import { claimHashSetting } from "./credentials.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Store } from "./env.ts";
import { takeAttempts } from "./guess-quotas.ts";
import { hashPassword } from "./password-hash.ts";
import { type OwnPasswordError, proveOwnPassword } from "./prove-own-password.ts";
import type { CustomerRow } from "./schema.ts";

/** The answer is the same whether or not somebody else has the new address. */
export async function requestEmailChange(
  store: Store,
  customer: CustomerRow,
  { email, password }: { readonly email: EmailAddress; readonly password: string },
  nowMs: number,
): Promise<Result<null, OwnPasswordError>> {
  const proven = await proveOwnPassword(store, customer, password);
  if (!proven.ok) return proven;
  const mails = await takeAttempts(store, [{ quota: "mail_by_account", of: email.normalized }]);
  if (!mails.ok) return mails;
  const nextPasswordHash = hashPassword(password, await claimHashSetting(store.database, email.normalized, nowMs));
  const to = { email: email.original, emailNormalized: email.normalized };
  await writeMessage(store, { customerId: customer.id, kind: "change_email", ...to, nextPasswordHash }, nowMs);
  return ok(null);
}
