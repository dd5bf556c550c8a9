/** Where signing in leads: back to the page that asked for it, in the language of the sign-in page. Pure. */
import { splitLocale } from "../../../shared/locales.ts";
import { link, type PageContext } from "../../page-context.ts";
import { safeReturnPath } from "../../return-path.ts";

/** Of a form or an address. */
export const RETURN_FIELD = "return_to";

/** What the form carries on; empty when the text leads nowhere in this shop. */
export function carriedReturn(text: string | undefined): string {
  const path = safeReturnPath(text);
  return path === "/" ? "" : path;
}

/** The account's overview when nothing was asked for. */
export function returnAddress(page: Pick<PageContext, "locale">, text: string | undefined): string {
  const path = carriedReturn(text);
  return link(page, path === "" ? "/account" : withoutLocale(path));
}

/** `?return_to=…` for the next link, or nothing. */
export function returnQuery(carried: string): string {
  return carried === "" ? "" : `?${new URLSearchParams({ [RETURN_FIELD]: carried })}`;
}

function withoutLocale(path: string): string {
  const at = path.indexOf("?");
  return at < 0 ? splitLocale(path).path : splitLocale(path.slice(0, at)).path + path.slice(at);
}
