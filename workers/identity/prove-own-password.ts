/** The current password, asked again of whoever is signed in, before what a borrowed session must not be able to do. */
import { err, ok, type Result } from "../shared/result.ts";
import { readHashSetting } from "./credentials.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { giveAttemptsBack, takeAttempts } from "./guess-quotas.ts";
import { type HashSetting, hashPassword, isSameHash } from "./password-hash.ts";
import type { CustomerRow } from "./schema.ts";

export type OwnPasswordError = Extract<IdentityError, { code: "wrong_password" | "too_many_attempts" }>;

/** @returns the setting that the password is hashed by. */
export async function proveOwnPassword(
  store: Store,
  customer: CustomerRow,
  password: string,
): Promise<Result<HashSetting, OwnPasswordError>> {
  const attempts = [{ quota: "password_by_customer", of: customer.id }] as const;
  const taken = await takeAttempts(store, attempts);
  if (!taken.ok) return taken;
  const setting = await readHashSetting(store.database, customer.emailNormalized);
  if (!isSameHash(hashPassword(password, setting), customer.passwordHash)) return err({ code: "wrong_password" });
  await giveAttemptsBack(store, attempts);
  return ok(setting);
}
