/** What to say about a password that identity refused, or did not look at. Identity decides; this only explains. Pure. */
import type { AccountTexts } from "../../texts/account.ts";

/** As identity counts: characters, not UTF-16 units. */
const LENGTH_MIN = 10;

const SECONDS_PER_MINUTE = 60;

export function passwordError(texts: AccountTexts, password: string): string {
  return [...password].length < LENGTH_MIN ? texts.passwordTooShort : texts.passwordRefused;
}

export function tooManyAttempts(texts: AccountTexts, { retryAfterSeconds }: { readonly retryAfterSeconds: number }): string {
  return texts.tooManyAttempts(Math.max(1, Math.ceil(retryAfterSeconds / SECONDS_PER_MINUTE)));
}
