/**
 * A code that only the owner has: six digits of the app, or a recovery code. Digits can be guessed, so they are counted; a
 * recovery code cannot, so it gets the owner in, whatever strangers have used up. Either counts once.
 */
import { and, eq, isNotNull, lt } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { readAuthenticator, sealLabel } from "./authenticator.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { type Attempt, giveAttemptsBack, takeAttempts } from "./guess-quotas.ts";
import { keyMaterial, unseal } from "./key-material.ts";
import { tellingOwner } from "./notify-owner.ts";
import { readRecoveryCode, recoveryCodeHash } from "./recovery-code.ts";
import { authenticators, type CustomerRow, recoveryCodes } from "./schema.ts";
import { stepOf } from "./totp.ts";

export type SecondFactorError = Extract<IdentityError, { code: "wrong_code" | "too_many_attempts" }>;

export interface CodeAttempts {
  /** Taken by digits. */
  readonly guessable: readonly Attempt[];
  /** Taken by either kind, and never given back. */
  readonly always: readonly Attempt[];
}

export async function proveSecondFactor(
  store: Store,
  customer: CustomerRow,
  text: string,
  attempts: CodeAttempts,
  nowMs: number,
): Promise<Result<null, SecondFactorError>> {
  const digits = readDigits(text);
  const taken = await takeAttempts(store, digits === undefined ? attempts.always : [...attempts.guessable, ...attempts.always]);
  if (!taken.ok) return taken;
  if (digits === undefined) return await useRecoveryCode(store, customer, text, nowMs);
  const used = await useDigits(store, customer.id, digits, nowMs);
  if (used.ok) await giveAttemptsBack(store, attempts.guessable);
  return used;
}

/** Apps show `123 456`. */
export function readDigits(text: string): string | undefined {
  const digits = text.replaceAll(/[\s-]/g, "");
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

async function useDigits(
  store: Store,
  customerId: string,
  digits: string,
  nowMs: number,
): Promise<Result<null, SecondFactorError>> {
  const authenticator = await readAuthenticator(store.database, customerId);
  if (authenticator === undefined) return err({ code: "wrong_code" });
  const { sealedSecret } = authenticator;
  const secret = await unseal(await keyMaterial(store.keySecret), sealLabel(customerId), sealedSecret);
  const step = secret === undefined ? undefined : stepOf(secret, digits, nowMs);
  if (step === undefined) return err({ code: "wrong_code" });
  const accepted = await store.database
    .update(authenticators)
    .set({ lastStep: step })
    .where(
      and(
        eq(authenticators.customerId, customerId),
        eq(authenticators.sealedSecret, sealedSecret),
        isNotNull(authenticators.confirmedAtMs),
        lt(authenticators.lastStep, step),
      ),
    )
    .returning({ customerId: authenticators.customerId });
  return accepted.length === 0 ? err({ code: "wrong_code" }) : ok(null);
}

async function useRecoveryCode(
  store: Store,
  customer: CustomerRow,
  text: string,
  nowMs: number,
): Promise<Result<null, SecondFactorError>> {
  const { database } = store;
  const code = readRecoveryCode(text);
  if (code === undefined) return err({ code: "wrong_code" });
  const itself = and(
    eq(recoveryCodes.customerId, customer.id),
    eq(recoveryCodes.codeSha256, await recoveryCodeHash(customer.id, code)),
  );
  if ((await database.select().from(recoveryCodes).where(itself).get()) === undefined) return err({ code: "wrong_code" });
  const notice = await tellingOwner(store, customer, "recovery_code_used", nowMs);
  const [used] = await database.batch([
    database.delete(recoveryCodes).where(itself).returning({ customerId: recoveryCodes.customerId }),
    ...notice.statements,
  ]);
  await notice.announce();
  return used.length === 0 ? err({ code: "wrong_code" }) : ok(null);
}
