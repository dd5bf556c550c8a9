/**
 * A new address for whoever knows the password. Nothing changes until the link in the mail to the new address is used. A salt
 * belongs to an address, so the password is hashed under the new one's now, while it is known.
 */
import { err, ok, type Result } from "../shared/result.ts";
import { writeMessage } from "./account-message.ts";
import { claimHashSetting, readHashSetting } from "./credentials.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { giveAttemptsBack, takeAttempts } from "./guess-quotas.ts";
import { hashPassword, isSameHash } from "./password-hash.ts";
import type { CustomerRow } from "./schema.ts";

export type ChangeEmailError = Extract<IdentityError, { code: "wrong_password" | "too_many_attempts" }>;

/** The answer is the same whether or not somebody else has the new address. */
export async function requestEmailChange(
  store: Store,
  customer: CustomerRow,
  { email, password }: { readonly email: EmailAddress; readonly password: string },
  nowMs: number,
): Promise<Result<null, ChangeEmailError>> {
  const attempts = [{ quota: "password_by_customer", of: customer.id }] as const;
  const taken = await takeAttempts(store, attempts);
  if (!taken.ok) return taken;
  const setting = await readHashSetting(store.database, customer.emailNormalized);
  if (!isSameHash(hashPassword(password, setting), customer.passwordHash)) return err({ code: "wrong_password" });
  await giveAttemptsBack(store, attempts);
  const mails = await takeAttempts(store, [{ quota: "mail_by_account", of: email.normalized }]);
  if (!mails.ok) return mails;
  const nextPasswordHash = hashPassword(password, await claimHashSetting(store.database, email.normalized, nowMs));
  const to = { email: email.original, emailNormalized: email.normalized };
  await writeMessage(store, { customerId: customer.id, kind: "change_email", ...to, nextPasswordHash }, nowMs);
  return ok(null);
}
