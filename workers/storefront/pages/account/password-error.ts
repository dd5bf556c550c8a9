/** What to say about a password that identity refused, or did not look at. Identity decides; this only explains. Pure. */
import * as z from "zod";
import type { PeerProblem } from "../../peers/ask.ts";
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

const Wait = z.object({ retry_after_seconds: z.number() }).catch({ retry_after_seconds: 60 });

/** What a refusal by `too_many_attempts` says. */
export function waitOf({ problem }: PeerProblem): number {
  return Wait.parse(problem).retry_after_seconds;
}
