/** How many units the shopper's cart holds, for the header. */
import * as z from "zod";
import type { PageContext } from "../page-context.ts";
import { ask } from "./ask.ts";

const DEADLINE_MS = 1_500;

const CartLines = z.object({ state: z.string(), lines: z.array(z.object({ quantity: z.int() })) });

/** 0 without an open cart, and when the cart cannot be asked: the header is not worth an error. */
export async function readCartCount(page: PageContext, cartId: string | null): Promise<number> {
  if (cartId === null) return 0;
  const answer = await ask(page, "ORDERS", { path: `/v1/carts/${cartId}`, deadlineMs: DEADLINE_MS }, CartLines);
  if (!answer.ok || answer.value.state === "ordered") return 0;
  return answer.value.lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
