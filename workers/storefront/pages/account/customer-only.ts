/** Pages of a signed-in customer: guests are led to the sign-in page and back, and so is whose session has ended. */
import type { Context } from "hono";
import { clearCookie, SESSION_COOKIE } from "../../cookies.ts";
import type { StorefrontHono } from "../../env.ts";
import { notFoundPage, unavailablePage } from "../../error-pages.tsx";
import { setFlash } from "../../flash.tsx";
import { link } from "../../page-context.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { accountTexts } from "../../texts/account.ts";
import { returnQuery } from "./return-address.ts";

export type PageHandler = (c: Context<StorefrontHono>) => Promise<Response>;

export function customerOnly(handler: PageHandler): PageHandler {
  return async (c) => (c.var.page.principal.kind === "customer" ? await handler(c) : toSignIn(c));
}

/** What a refusal or absence of identity or orders means for the whole page. */
export async function refused(c: Context<StorefrontHono>, problem: PeerProblem): Promise<Response> {
  if (problem.status === 401) {
    clearCookie(c, SESSION_COOKIE);
    return toSignIn(c);
  }
  return problem.status === 404 ? await notFoundPage(c) : await unavailablePage(c, problem);
}

/** After a form: see the result by GET, so that a reload sends nothing twice. */
export function seeOther(c: Context<StorefrontHono>, path: string, done?: string): Response {
  if (done !== undefined) setFlash(c, "success", done);
  return c.redirect(link(c.var.page, path), 303);
}

export function toSignIn(c: Context<StorefrontHono>): Response {
  const { page } = c.var;
  setFlash(c, "info", accountTexts(page.locale).signIn.ended);
  // A form cannot be sent again by a link.
  const back = c.req.method === "GET" ? page.path + page.search : "/account";
  return c.redirect(link(page, `/account/sign-in${returnQuery(back)}`), 303);
}
