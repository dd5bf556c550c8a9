/** What the pages about a shopper's own data ask of the privacy worker, by the public contract. */
import * as z from "zod";
import type { PageContext } from "../page-context.ts";
import { type Answer, type Asker, ask, askForFile } from "./ask.ts";

const PrivacyRequest = z.object({ state: z.enum(["running", "waiting", "completed", "failed", "expired"]) });
export type PrivacyRequest = z.infer<typeof PrivacyRequest>;
export type Purpose = "export" | "erasure";

export function collectMyData(page: Asker): Answer<PrivacyRequest> {
  return ask(page, "PRIVACY", { method: "POST", path: "/v1/me/export" }, PrivacyRequest);
}

/** 404 while nobody has asked. */
export function readMyExport(page: Asker): Answer<PrivacyRequest> {
  return ask(page, "PRIVACY", { path: "/v1/me/export" }, PrivacyRequest);
}

export function downloadMyData(page: Asker): Answer<Response> {
  return askForFile(page, "PRIVACY", { path: "/v1/me/export/archive" });
}

/** Refused by `wrong_password`, `code_required`, `wrong_code` and `orders_open`. Signs every device out. */
export function eraseMe(page: Asker, proof: { readonly password: string; readonly code?: string }): Answer<PrivacyRequest> {
  return ask(page, "PRIVACY", { method: "POST", path: "/v1/me/erasure", body: proof }, PrivacyRequest);
}

/** The mail comes in the page's language. */
export function mailLink(page: Asker & Pick<PageContext, "locale">, email: string, purpose: Purpose): Answer<unknown> {
  const headers = { "accept-language": page.locale };
  return ask(page, "PRIVACY", { method: "POST", path: "/v1/privacy/links", headers, body: { email, purpose } }, z.unknown());
}

/** Refused by `invalid_link` and `orders_open`. */
export function openLink(page: Asker, token: string, purpose: Purpose): Answer<PrivacyRequest> {
  return ask(page, "PRIVACY", { method: "POST", path: "/v1/privacy/links/open", body: { token, purpose } }, PrivacyRequest);
}

export function downloadByLink(page: Asker, token: string): Answer<Response> {
  return askForFile(page, "PRIVACY", { method: "POST", path: "/v1/privacy/links/archive", body: { token } });
}
