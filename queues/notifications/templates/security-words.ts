/** The words of mails about what opens an account: what happened, and what to do when it was somebody else. Pure. */
import type { AccountMessageKind } from "../../../workers/identity/contract.ts";

export interface Words {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly button: { readonly label: string; readonly path: string } | null;
  readonly reason: string;
}

type SecurityKind = Extract<
  AccountMessageKind,
  | "email_changed"
  | "password_reset"
  | "two_factor_on"
  | "two_factor_off"
  | "recovery_code_used"
  | "passkey_added"
  | "passkey_removed"
  | "app_allowed"
  | "two_factor_reset"
>;

const NOTICE = {
  button: null,
  reason: "If it was not you, choose a new password at once, sign every device out, and remove the passkeys that are not yours.",
} as const;

export function securityWords(kind: SecurityKind, shopName: string): Words {
  switch (kind) {
    case "email_changed":
      return {
        title: "Your e-mail address was changed",
        paragraphs: [`Your account at ${shopName} now uses another address, and this one does not open it any more.`],
        button: null,
        reason: "If it was not you, answer this mail at once.",
      };
    case "password_reset":
      return {
        title: "Your password was changed",
        paragraphs: [
          `The password of your account at ${shopName} was replaced by the link in our mail, and every device signed out.`,
        ],
        button: null,
        reason: "If it was not you, somebody reads your mail: change its password first, then ask for a new one here.",
      };
    case "two_factor_on":
      return {
        title: "Signing in now takes a code",
        paragraphs: [
          `Somebody, hopefully you, set up an authenticator app for your account at ${shopName}. Every other device was signed out.`,
          "Keep your recovery codes where you find them without your phone.",
        ],
        ...NOTICE,
      };
    case "two_factor_off":
      return {
        title: "Signing in no longer takes a code",
        paragraphs: [`The authenticator app of your account at ${shopName} was switched off, with your password and a code.`],
        ...NOTICE,
      };
    case "recovery_code_used":
      return {
        title: "A recovery code was used",
        paragraphs: [
          `One of the recovery codes of your account at ${shopName} was used in place of the authenticator app. It does not work again.`,
          "When few are left, make new ones on the page for sign-in and security.",
        ],
        ...NOTICE,
      };
    case "passkey_added":
      return {
        title: "A passkey was added",
        paragraphs: [`A passkey now opens your account at ${shopName}, without your password.`],
        ...NOTICE,
      };
    case "passkey_removed":
      return {
        title: "A passkey was removed",
        paragraphs: [`A passkey of your account at ${shopName} was removed and does not open it any more.`],
        ...NOTICE,
      };
    case "two_factor_reset":
      return {
        title: "We took the authenticator app off your account",
        paragraphs: [
          `Somebody told us at ${shopName} that they are you and have lost phone and recovery codes. Your password alone now opens your account, and every device and app was signed out.`,
          "Sign in and set up a new app on the page for sign-in and security.",
        ],
        button: null,
        reason: "If it was not you, choose a new password at once and answer this mail.",
      };
    // Without its name, which is the app's own word: a mail of the shop's would vouch for it.
    case "app_allowed":
      return {
        title: "An app may now act for you",
        paragraphs: [
          `Somebody, hopefully you, let an app into your account at ${shopName}.`,
          "Which one it is, and what it may do, is in your account under Apps. You can end its access there.",
        ],
        button: null,
        reason: "If it was not you, choose a new password at once: it ends the access of every app and signs every device out.",
      };
  }
}
