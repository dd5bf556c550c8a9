/** Mails about an account, in its language: one thing each, why it came, and what to do when one did not ask for it. Pure. */
import type { AccountMessage } from "../../../workers/identity/contract.ts";
import { localePath } from "../../../workers/shared/locales.ts";
import { ACCOUNT_WORDS } from "./account-words.ts";
import { oneLine } from "./format.ts";
import { Layout } from "./layout.tsx";
import type { MessageContent } from "./message-view.ts";
import { renderHtml } from "./render-html.ts";

export interface AccountMailView {
  readonly shopName: string;
  readonly publicUrl: string;
  readonly message: AccountMessage;
}

/** Where a mail's link leads, without the language's prefix. */
const PAGES: Readonly<Partial<Record<AccountMessage["kind"], string>>> = {
  confirm_email: "/account/confirm-email",
  change_email: "/account/confirm-email",
  reset_password: "/account/reset-password",
  staff_invitation: "/account/accept-invitation",
  confirm_export: "/privacy/export",
  confirm_erasure: "/privacy/erasure",
};

export function accountMail({ shopName, publicUrl, message }: AccountMailView): MessageContent {
  const { greeting, mails } = ACCOUNT_WORDS[message.language];
  const { title, paragraphs, button: label, reason } = mails[message.kind](oneLine(shopName));
  const said = [greeting(message.name === null ? null : oneLine(message.name)), ...paragraphs];
  const url = linkOf(publicUrl, message);
  const button = label === undefined || url === undefined ? null : { label, url };
  const html = renderHtml(
    <Layout
      view={{ shopName }}
      language={message.language}
      title={title}
      preview={paragraphs[0] ?? ""}
      button={button}
      reason={reason}
    >
      {said.map((paragraph) => (
        <p style="margin:0 0 12px">{paragraph}</p>
      ))}
    </Layout>,
  );
  const link = button === null ? [] : [`${button.label}:\n${button.url}`];
  const text = `${[title, ...said, ...link, reason, `-- \n${shopName}`].join("\n\n")}\n`;
  return { subject: oneLine(title), html, text, short: `${shopName}: ${title}` };
}

function linkOf(publicUrl: string, { kind, language, token }: AccountMessage): string | undefined {
  const page = PAGES[kind];
  return page === undefined ? undefined : `${publicUrl}${localePath(language, page)}?token=${encodeURIComponent(token ?? "")}`;
}
