/** Mails about an account: one thing each, why it came, and what to do when one did not ask for it. Pure. */
import type { AccountMessage } from "../../../workers/identity/contract.ts";
import { oneLine } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { MessageContent } from "./message-view.ts";
import { renderHtml } from "./render-html.ts";
import { securityWords, type Words } from "./security-words.ts";

export interface AccountMailView {
  readonly shopName: string;
  readonly publicUrl: string;
  readonly message: AccountMessage;
}

const NOT_YOU = "If it was not you, somebody typed your address by mistake: you need not do anything.";

export function accountMail({ shopName, publicUrl, message }: AccountMailView): MessageContent {
  const words = wordsOf(message, oneLine(shopName));
  const greeting = message.name === null ? "Hello," : `Hello ${oneLine(message.name)},`;
  const url = words.button === null ? null : `${publicUrl}${words.button.path}?token=${encodeURIComponent(message.token ?? "")}`;
  const paragraphs = [greeting, ...words.paragraphs];
  const button = words.button === null || url === null ? null : { label: words.button.label, url };
  const html = renderHtml(
    <Layout view={{ shopName }} title={words.title} preview={words.paragraphs[0] ?? ""} button={button} reason={words.reason}>
      {paragraphs.map((paragraph) => (
        <p style="margin:0 0 12px">{paragraph}</p>
      ))}
    </Layout>,
  );
  const link = button === null ? [] : [`${button.label}:\n${button.url}`];
  const text = `${[words.title, ...paragraphs, ...link, words.reason, `-- \n${shopName}`].join("\n\n")}\n`;
  return { subject: oneLine(words.title), html, text, short: `${shopName}: ${words.title}` };
}

function wordsOf({ kind }: AccountMessage, shopName: string): Words {
  switch (kind) {
    case "confirm_email":
      return {
        title: `Confirm your e-mail address for ${shopName}`,
        paragraphs: [
          "One click confirms that this address is yours. Sign in to your account to finish.",
          "Orders that you placed as a guest with it are then listed in your account. The link works for three days, once.",
        ],
        button: { label: "Confirm the address", path: "/account/confirm-email" },
        reason: `You receive this mail because an account at ${shopName} was opened with your address. ${NOT_YOU}`,
      };
    case "change_email":
      return {
        title: `Confirm your new e-mail address for ${shopName}`,
        paragraphs: ["Your account changes to this address when you confirm it. The link works for a day, once."],
        button: { label: "Use this address", path: "/account/confirm-email" },
        reason: `You receive this mail because a customer of ${shopName} wants to use your address. ${NOT_YOU}`,
      };
    case "reset_password":
      return {
        title: "Choose a new password",
        paragraphs: [
          "Somebody, hopefully you, asked for a new password. The link works for half an hour, once.",
          "A new password signs every device out.",
        ],
        button: { label: "Choose a new password", path: "/account/reset-password" },
        reason: `You receive this mail because a new password was asked for at ${shopName}. If it was not you, your password stays as it is.`,
      };
    case "staff_invitation":
      return {
        title: `Join the staff of ${shopName}`,
        paragraphs: [
          "You are invited to work in this shop. The link works for three days, once.",
          "Choose a password there. If you have an account with this address, use its password.",
        ],
        button: { label: "Join the staff", path: "/account/accept-invitation" },
        reason: `You receive this mail because somebody who runs ${shopName} entered your address. ${NOT_YOU}`,
      };
    case "email_changed":
    case "password_reset":
    case "two_factor_on":
    case "two_factor_off":
    case "recovery_code_used":
    case "passkey_added":
    case "passkey_removed":
    case "app_allowed":
    case "two_factor_reset":
      return securityWords(kind, shopName);
    case "confirm_export":
      return {
        title: `Everything that ${shopName} knows about you`,
        paragraphs: ["The link opens a copy of the data that belongs to this address. It works for a day."],
        button: { label: "Get my data", path: "/privacy/export" },
        reason: `You receive this mail because somebody asked ${shopName} for the data of your address. ${NOT_YOU}`,
      };
    case "confirm_erasure":
      return {
        title: `Erase what ${shopName} knows about you`,
        paragraphs: [
          "The link asks once more, then erases everything that belongs to this address. It cannot be undone.",
          "Orders stay in our books without name and address, because the law says so. The link works for a day.",
        ],
        button: { label: "Erase my data", path: "/privacy/erasure" },
        reason: `You receive this mail because somebody asked ${shopName} to erase the data of your address. ${NOT_YOU}`,
      };
    case "erasure_begun":
      return {
        title: "Your account is closed and your data is being erased",
        paragraphs: [
          `Nobody can sign in to your account at ${shopName} any more. Your addresses, carts and devices are erased now.`,
          "Orders stay in our books without your name and address, because the law says so. This is our last mail to you.",
        ],
        button: null,
        reason: "If it was not you, answer this mail at once.",
      };
  }
}
