/** Where the pages of one order are. Pure. */
import { link, type PageContext } from "../../page-context.ts";

/** With the language's prefix. Only our own ids become paths. */
export function orderPath(
  page: Pick<PageContext, "locale">,
  orderId: string,
  below: "" | "/payment" | "/payment/abandon" = "",
): string {
  return link(page, `/orders/${encodeURIComponent(orderId)}${below}`);
}
