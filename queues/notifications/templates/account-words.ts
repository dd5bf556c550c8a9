/** The words of mails about accounts, by language: what happened, and what to do when it was somebody else. Pure. */
import type { AccountMessageKind, AddressMessageKind } from "../../../workers/identity/contract.ts";
import type { Locale } from "../../../workers/shared/locales.ts";
import { de } from "./account-words/de.ts";
import { en } from "./account-words/en.ts";
import { ja } from "./account-words/ja.ts";

export interface MailWords {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Of mails with a link. */
  readonly button?: string;
  /** Why the mail came, or what to do when it was somebody else. */
  readonly reason: string;
}

export interface AccountWords {
  readonly greeting: (name: string | null) => string;
  readonly mails: Readonly<Record<AccountMessageKind | AddressMessageKind, (shopName: string) => MailWords>>;
}

export const ACCOUNT_WORDS: Readonly<Record<Locale, AccountWords>> = { en, de, ja };
