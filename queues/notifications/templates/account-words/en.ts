/** English words of mails about accounts. Data only. */
import type { AccountWords } from "../account-words.ts";

const NOT_YOU = "If it was not you, somebody typed your address by mistake: you need not do anything.";
const NOTICE =
  "If it was not you, choose a new password at once, sign every device out, and remove the passkeys that are not yours.";

export const en: AccountWords = {
  greeting: (name) => (name === null ? "Hello," : `Hello ${name},`),
  mails: {
    confirm_email: (shop) => ({
      title: `Confirm your e-mail address for ${shop}`,
      paragraphs: [
        "One click confirms that this address is yours. Sign in to your account to finish.",
        "Orders that you placed as a guest with it are then listed in your account. The link works for three days, once.",
      ],
      button: "Confirm the address",
      reason: `You receive this mail because an account at ${shop} was opened with your address. ${NOT_YOU}`,
    }),
    change_email: (shop) => ({
      title: `Confirm your new e-mail address for ${shop}`,
      paragraphs: ["Your account changes to this address when you confirm it. The link works for a day, once."],
      button: "Use this address",
      reason: `You receive this mail because a customer of ${shop} wants to use your address. ${NOT_YOU}`,
    }),
    reset_password: (shop) => ({
      title: "Choose a new password",
      paragraphs: [
        "Somebody, hopefully you, asked for a new password. The link works for half an hour, once.",
        "A new password signs every device out.",
      ],
      button: "Choose a new password",
      reason: `You receive this mail because a new password was asked for at ${shop}. If it was not you, your password stays as it is.`,
    }),
    staff_invitation: (shop) => ({
      title: `Join the staff of ${shop}`,
      paragraphs: [
        "You are invited to work in this shop. The link works for three days, once.",
        "Choose a password there. If you have an account with this address, use its password.",
      ],
      button: "Join the staff",
      reason: `You receive this mail because somebody who runs ${shop} entered your address. ${NOT_YOU}`,
    }),
    email_changed: (shop) => ({
      title: "Your e-mail address was changed",
      paragraphs: [`Your account at ${shop} now uses another address, and this one does not open it any more.`],
      reason: "If it was not you, answer this mail at once.",
    }),
    password_reset: (shop) => ({
      title: "Your password was changed",
      paragraphs: [`The password of your account at ${shop} was replaced by the link in our mail, and every device signed out.`],
      reason: "If it was not you, somebody reads your mail: change its password first, then ask for a new one here.",
    }),
    two_factor_on: (shop) => ({
      title: "Signing in now takes a code",
      paragraphs: [
        `Somebody, hopefully you, set up an authenticator app for your account at ${shop}. Every other device was signed out.`,
        "Keep your recovery codes where you find them without your phone.",
      ],
      reason: NOTICE,
    }),
    two_factor_off: (shop) => ({
      title: "Signing in no longer takes a code",
      paragraphs: [`The authenticator app of your account at ${shop} was switched off, with your password and a code.`],
      reason: NOTICE,
    }),
    recovery_code_used: (shop) => ({
      title: "A recovery code was used",
      paragraphs: [
        `One of the recovery codes of your account at ${shop} was used in place of the authenticator app. It does not work again.`,
        "When few are left, make new ones on the page for sign-in and security.",
      ],
      reason: NOTICE,
    }),
    passkey_added: (shop) => ({
      title: "A passkey was added",
      paragraphs: [`A passkey now opens your account at ${shop}, without your password.`],
      reason: NOTICE,
    }),
    passkey_removed: (shop) => ({
      title: "A passkey was removed",
      paragraphs: [`A passkey of your account at ${shop} was removed and does not open it any more.`],
      reason: NOTICE,
    }),
    two_factor_reset: (shop) => ({
      title: "We took the authenticator app off your account",
      paragraphs: [
        `Somebody told us at ${shop} that they are you and have lost phone and recovery codes. Your password alone now opens your account, and every device and app was signed out.`,
        "Sign in and set up a new app on the page for sign-in and security.",
      ],
      reason: "If it was not you, choose a new password at once and answer this mail.",
    }),
    // Without its name, which is the app's own word: a mail of the shop's would vouch for it.
    app_allowed: (shop) => ({
      title: "An app may now act for you",
      paragraphs: [
        `Somebody, hopefully you, let an app into your account at ${shop}.`,
        "Which one it is, and what it may do, is in your account under Apps. You can end its access there.",
      ],
      reason: "If it was not you, choose a new password at once: it ends the access of every app and signs every device out.",
    }),
    confirm_export: (shop) => ({
      title: `Everything that ${shop} knows about you`,
      paragraphs: ["The link opens a copy of the data that belongs to this address. It works for a day."],
      button: "Get my data",
      reason: `You receive this mail because somebody asked ${shop} for the data of your address. ${NOT_YOU}`,
    }),
    confirm_erasure: (shop) => ({
      title: `Erase what ${shop} knows about you`,
      paragraphs: [
        "The link asks once more, then erases everything that belongs to this address. It cannot be undone.",
        "Orders stay in our books without name and address, because the law says so. The link works for a day.",
      ],
      button: "Erase my data",
      reason: `You receive this mail because somebody asked ${shop} to erase the data of your address. ${NOT_YOU}`,
    }),
    erasure_begun: (shop) => ({
      title: "Your account is closed and your data is being erased",
      paragraphs: [
        `Nobody can sign in to your account at ${shop} any more. Your addresses, carts and devices are erased now.`,
        "Orders stay in our books without your name and address, because the law says so. This is our last mail to you.",
      ],
      reason: "If it was not you, answer this mail at once.",
    }),
  },
};
