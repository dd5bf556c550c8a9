/** What to say about a new password that identity refused for its form. Identity decides; this only explains. Pure. */
import type { AccountTexts } from "../../texts/account.ts";

/** As identity counts: characters, not UTF-16 units. */
const LENGTH_MIN = 10;

export function passwordError(texts: AccountTexts, password: string): string {
  return [...password].length < LENGTH_MIN ? texts.passwordTooShort : texts.passwordRefused;
}
