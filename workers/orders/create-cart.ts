/** Creates a cart near the shopper and the token that opens it. */
import { emptyCart } from "../../durable-objects/checkout-partition/change-cart.ts";
import type { Cart } from "../../durable-objects/checkout-partition/contract.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import { issueCapabilityToken } from "../shared/capability-token.ts";
import { newId, partitionName } from "../shared/identifiers.ts";
import { customerFor, type Principal } from "../shared/principal.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { CallContext } from "../shared/telemetry.ts";
import { callPartition } from "./call-partition.ts";
import { configuration } from "./configuration.ts";
import type { Env } from "./env.ts";
import { placePartition } from "./partition-placement.ts";
import { recordPartition } from "./partition-registry.ts";
import { noteCart } from "./seen-carts.ts";

export interface NewCart {
  readonly currency: string;
  readonly email: string | null;
  /** Of the request, as Cloudflare knows it. */
  readonly continent: string | undefined;
}

export async function createCart(
  env: Env,
  principal: Principal,
  command: NewCart,
  context: CallContext,
  nowMs: number,
): Promise<Result<{ readonly cart: Cart; readonly token: string }, Unavailable>> {
  const partition = placePartition(command.continent, Number(env.PARTITIONS_PER_REGION), Math.random());
  await recordPartition(env.DATABASE, partitionName(partition), nowMs);
  const cartId = newId("cart", nowMs, partition);
  const { currency, email } = command;
  const customerId = customerFor(principal, "carts:write");
  // Nothing is in it that its token does not say.
  const isPlain = customerId === null && email === null && currency === configuration.SHOP_CURRENCY;
  const created = isPlain
    ? ok(emptyCart(cartId, currency))
    : await callPartition(env, partition, "command", (stub) => stub.createCart({ cartId, currency, email, customerId }, context));
  if (!created.ok) return err(created.error);
  noteCart(created.value);
  return ok({ cart: created.value, token: await issueCapabilityToken(env.CAPABILITY_SECRET, cartId) });
}
