/** A cart's currency never changes: its lines are taken over into a new cart at their prices in the other currency. */
import type { Context } from "hono";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { StorefrontHono } from "../../env.ts";
import type { PageContext } from "../../page-context.ts";
import type { PeerProblem } from "../../peers/ask.ts";
import { type CartView, changeCart, createCart, holding, replaceLines } from "../../peers/carts.ts";
import { keepCart } from "./open-cart.ts";

/** Reasons come one at a time: unknown, not for sale, no price. */
const ROUNDS_MAX = 4;

export interface SwitchedCart {
  readonly cart: CartView;
  /** The page that may act on the new cart. */
  readonly page: PageContext;
  /** Titles of lines that are not sold in the new currency. */
  readonly left: readonly string[];
}

export type SwitchError = PeerProblem | { readonly code: "nothing_sold"; readonly status: 409 };

/** The old cart stays as it is until the new one holds the lines; then the cookie names the new one. */
export async function switchCurrency(
  c: Context<StorefrontHono>,
  cart: CartView,
  currency: string,
): Promise<Result<SwitchedCart, SwitchError>> {
  const created = await createCart(c.var.page, currency);
  if (!created.ok) return created;
  const page = holding(c.var.page, created.value.id);
  let lines = cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  for (let round = 0; round < ROUNDS_MAX && (lines.length > 0 || cart.lines.length === 0); round++) {
    const filled = await replaceLines(page, created.value.id, lines);
    if (filled.ok) {
      keepCart(c, created.value);
      await takeOverContact(page, created.value.id, cart);
      const kept = new Set(lines.map((line) => line.sku));
      return ok({ cart: filled.value, page, left: cart.lines.flatMap((line) => (kept.has(line.sku) ? [] : [line.title])) });
    }
    const refused = refusedSkus(filled.error);
    if (refused.size === 0) return filled;
    lines = lines.filter((line) => !refused.has(line.sku));
  }
  return err({ code: "nothing_sold", status: 409 });
}

function refusedSkus({ problem }: PeerProblem): ReadonlySet<string> {
  const skus = problem["skus"];
  return new Set(Array.isArray(skus) ? skus.filter((sku): sku is string => typeof sku === "string") : []);
}

/** Typed once is enough. Whether it works does not matter: the checkout asks for what is missing. */
async function takeOverContact(page: PageContext, cartId: string, { email, shipping_address }: CartView): Promise<void> {
  if (email === null && shipping_address === null) return;
  await changeCart(page, cartId, {
    ...(email === null ? {} : { email }),
    ...(shipping_address === null ? {} : { shipping_address }),
  });
}
