/** Guesses at coupon codes: so many a cart, and so many a network, whose visitors can make carts without end. */
import * as z from "zod";
import { idSchema } from "../shared/identifiers.ts";
import type { Result } from "../shared/result.ts";
import type { CouponAttempt as Attempted } from "./contract.ts";
import type { Store } from "./env.ts";
import { type Attempt, giveAttemptsBack, type TooManyAttempts, takeAttempts } from "./guess-quotas.ts";

export const CouponAttempt = z.strictObject({
  cartId: idSchema("cart"),
  network: z.string().max(64).nullable(),
}) satisfies z.ZodType<Attempted>;

export async function takeCouponAttempt(store: Store, attempt: Attempted): Promise<Result<null, TooManyAttempts>> {
  return await takeAttempts(store, bucketsOf(attempt));
}

export async function giveCouponAttemptBack(store: Store, attempt: Attempted): Promise<void> {
  await giveAttemptsBack(store, bucketsOf(attempt));
}

function bucketsOf({ cartId, network }: Attempted): Attempt[] {
  const byCart = { quota: "coupon_by_cart", of: cartId } as const;
  return network === null ? [byCart] : [byCart, { quota: "coupon_by_network", of: network }];
}
