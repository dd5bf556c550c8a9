/** Sets the shopper's e-mail, address and shipping option; a cart that a signed-in shopper edits becomes theirs. */
import type {
  CannotShip,
  Cart,
  CartError,
  CartTooLarge,
  ShippingOption,
} from "../../durable-objects/checkout-partition/contract.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import type { Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { callPartition, partitionOfId } from "./call-partition.ts";
import type { Address } from "./contract.ts";
import type { Env } from "./env.ts";
import { noteCart } from "./seen-carts.ts";
import { readPolicy } from "./shop-policy.ts";

export interface CartChanges {
  readonly email?: string;
  readonly shippingAddress?: Address;
  readonly shippingOptionId?: string;
  readonly customerId?: string;
}

export async function updateCart(
  env: Env,
  cartId: string,
  changes: CartChanges,
  context: CallContext,
  nowMs: number,
): Promise<Result<Cart, CartError | CartTooLarge | CannotShip | Unavailable>> {
  const policy = await readPolicy(env.DATABASE, nowMs);
  const cart = await callPartition(env, partitionOfId(cartId), "command", (stub) =>
    stub.updateCart({ cartId, ...changes, policy }, context),
  );
  if (cart.ok) noteCart(cart.value);
  return cart;
}

export async function listShippingOptions(
  env: Env,
  cartId: string,
  country: string | null,
  nowMs: number,
): Promise<Result<readonly ShippingOption[], CartError | Unavailable>> {
  const policy = await readPolicy(env.DATABASE, nowMs);
  return await callPartition(env, partitionOfId(cartId), "read", (stub) => stub.shippingOptions(cartId, policy, country));
}
