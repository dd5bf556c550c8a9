/** What makes an anonymous page the page that it is: language, market, path and query, and nothing else. Pure. */
import { localePath } from "../shared/locales.ts";
import type { PageContext } from "./page-context.ts";

/** Longer addresses are searches nobody repeats, or worse. */
const ADDRESS_LENGTH_MAX = 512;
/** Where a shopper came from changes nothing on the page. */
const TRACKING_PARAMETER = /^(?:utm_[a-z]+|gclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|ref)$/;

/** The query in one order and without tracking: `?q=rope&sort=price`, or empty. */
export function cleanSearch(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of [...new Set(query.keys())]) if (TRACKING_PARAMETER.test(name)) query.delete(name);
  query.sort();
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** `/GB/de/products/x?…`; undefined when the page is not worth keeping. Currency and VAT follow from the country. */
export function pageAddress(page: Pick<PageContext, "locale" | "market" | "path" | "search">): string | undefined {
  const address = `/${page.market.country}${localePath(page.locale, page.path)}${cleanSearch(page.search)}`;
  return address.length <= ADDRESS_LENGTH_MAX ? address : undefined;
}
