/**
 * Who may see a cart or an order: whoever presented its token, or its signed-in owner. What is absent and what is
 * somebody else's answer the same 404, and an id alone never wakes an object that does not exist.
 */
import type { Cart, CartExpired } from "../../durable-objects/checkout-partition/contract.ts";
import { isErased } from "../../durable-objects/checkout-partition/erase-order.ts";
import type { Unavailable } from "../shared/call-peer.ts";
import { notFound } from "../shared/http.ts";
import { type Partition, partitionName } from "../shared/identifiers.ts";
import { type CustomerScope, customerFor, type Principal } from "../shared/principal.ts";
import type { Result } from "../shared/result.ts";
import { callPartition, partitionOfId } from "./call-partition.ts";
import type { Order, OrderUnknown } from "./contract.ts";
import type { Env } from "./env.ts";
import { ownsGuestOrder } from "./own-address.ts";
import { isConfigured } from "./partition-placement.ts";
import { isRecorded } from "./partition-registry.ts";
import { noteCart } from "./seen-carts.ts";

/** True when a cart can live there: ids are typed by callers, and each new name would create an object. */
export async function partitionExists(env: Env, partition: Partition): Promise<boolean> {
  if (isConfigured(partition, Number(env.PARTITIONS_PER_REGION))) return true;
  return await isRecorded(env.DATABASE, partitionName(partition));
}

/** @throws ProblemError 404 */
export async function requireCartAccess(env: Env, principal: Principal, cartId: string): Promise<void> {
  if (principal.capabilities.includes(cartId)) return;
  const customerId = customerFor(principal, "carts:write");
  if (customerId === null) throw notFound("cart");
  const cart = await readCart(env, cartId);
  if (!cart.ok || cart.value.customerId !== customerId) throw notFound("cart");
}

/** @throws ProblemError 404 when its partition does not exist. */
export async function readCart(env: Env, cartId: string): Promise<Result<Cart, CartExpired | Unavailable>> {
  const partition = partitionOfId(cartId);
  if (!(await partitionExists(env, partition))) throw notFound("cart");
  const cart = await callPartition(env, partition, "read", (stub) => stub.readCart(cartId));
  if (cart.ok) noteCart(cart.value);
  return cart;
}

export async function readOrder(env: Env, orderId: string): Promise<Result<Order, OrderUnknown | Unavailable>> {
  const partition = partitionOfId(orderId);
  if (!(await partitionExists(env, partition))) return { ok: false, error: { code: "order_unknown" } };
  return await callPartition(env, partition, "read", (stub) => stub.readOrder(orderId));
}

/** Whether it is worth looking: without a token or a customer no order opens. */
export function mayAskForOrder(principal: Principal, orderId: string, scope: CustomerScope): boolean {
  return principal.capabilities.includes(orderId) || customerFor(principal, scope) !== null;
}

/**
 * An order whose shopper is forgotten is nobody's any more: the link in an old mail opens nothing.
 * @param scope what an app needs for what it is about to do.
 */
export async function mayOpenOrder(
  env: Pick<Env, "DATABASE">,
  principal: Principal,
  order: Order,
  scope: CustomerScope,
): Promise<boolean> {
  if (isErased(order)) return false;
  if (principal.capabilities.includes(order.id)) return true;
  const customerId = customerFor(principal, scope);
  if (customerId === null) return false;
  return customerId === order.customerId || (await ownsGuestOrder(env.DATABASE, customerId, order));
}
