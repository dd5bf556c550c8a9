/** Some trading for the followers to follow: orders of every kind, through the real shop. */
import type { Random } from "../random.ts";
import { MINUTE_MS, passTime } from "../rig/clock.ts";
import { type QueuedMessage, world } from "../rig/outside-world.ts";
import { CARDS, openShop, type Shop } from "../rig/shop.ts";

const SKUS = 5;
/** Every hold has ended and every alarm has rung: the logs grow no more. */
const QUIET_MINUTES = 45;

/** @returns the messages that told of it, which nobody has got yet */
export async function trade(orders: number, random: Random): Promise<QueuedMessage[]> {
  const shop = await openShop();
  const skus = await Promise.all(Array.from({ length: SKUS }, (_, index) => shop.sku(10 * orders, 500 + 100 * index)));
  for (let order = 0; order < orders; order++) await tradeOne(shop, skus, random);
  await passTime(QUIET_MINUTES * MINUTE_MS);
  return world.messages.splice(0);
}

async function tradeOne(shop: Shop, skus: readonly string[], random: Random): Promise<void> {
  const lines = Object.fromEntries([random.pick(skus), random.pick(skus)].map((sku) => [sku, random.integer(1, 3)]));
  const told = await shop.checkout(await shop.cart(lines), random.oneIn(6) ? CARDS.declined : CARDS.good);
  if (told.status !== 201) return;
  const orderId: string = told.body.order.id;
  if (random.oneIn(4)) await shop.refund(orderId, { amount_minor: random.integer(1, 100), restock: false });
  if (random.oneIn(3)) await shop.ship(orderId);
  else if (random.oneIn(4)) await shop.cancel(orderId);
}
