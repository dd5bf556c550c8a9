/**
 * What one order asks of the platform: calls between workers and to objects in the deepest request, and rows in all. Exact,
 * so that none creeps in unseen; a change that needs more says so here and in docs/scaling.md.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { MINUTE_MS, passTime, quiesce } from "../rig/clock.ts";
import { countRows, type Rows } from "../rig/count-rows.ts";
import { deliverQueues, deliverWebhook } from "../rig/deliver.ts";
import { switchboard } from "../rig/faulty-binding.ts";
import { openShop, type Shop } from "../rig/shop.ts";

/** Of one request, the gateway's own included (https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/#limits). */
const INVOCATIONS_MAX = 32;
/** The gateway, and orders behind it: they stand before the rig. Who is signed in costs one more, of identity. */
const BEFORE_THE_RIG = 3;
const OBJECT_CALL = /^(?:orders>partition|inventory>sku)\./;
const SERVICE_CALL = /^(?:orders>catalog|partition>inventory|partition>payments)\./;

/** As counted, for an order that nothing is gathered with; what is read may vary a little with what else is stored. */
const ROWS_MAX: Readonly<Rows> = {
  objectRead: 100,
  objectWritten: 30,
  databaseCalls: 14,
  databaseRead: 150,
  databaseWritten: 48,
};

interface Counts {
  readonly services: number;
  readonly objects: number;
  readonly provider: number;
}

function counts(): Counts {
  const count = (pattern: RegExp) => switchboard.calls.filter(({ edge }) => pattern.test(edge)).length;
  return { services: count(SERVICE_CALL), objects: count(OBJECT_CALL), provider: count(/^payments>provider\./) };
}

describe("what an order asks of the platform", () => {
  let shop: Shop;
  const skus: string[] = [];

  beforeAll(async () => {
    shop = await openShop();
    for (let index = 0; index < 50; index++) skus.push(await shop.sku(100));
    await shop.checkout(await shop.cart(Object.fromEntries(skus.map((sku) => [sku, 1])), "EU"));
    await quiesce();
  });

  async function checkoutOf(lines: number): Promise<Counts> {
    const cart = await shop.cart(Object.fromEntries(skus.slice(0, lines).map((sku) => [sku, 1])), "EU");
    switchboard.inject(() => undefined);
    const told = await shop.checkout(cart);
    expect(told.status).toBe(201);
    return counts();
  }

  it.each([1, 10, 50])("makes the same calls to services for a cart of %i lines, and two to each SKU's object", async (lines) => {
    const made = await checkoutOf(lines);
    expect(made).toEqual({ services: 5, objects: 1 + 2 * lines, provider: 2 });
    expect(BEFORE_THE_RIG + made.services).toBeLessThanOrEqual(INVOCATIONS_MAX / 4);
  });

  it("reads and writes no more rows for an order than it did, from the cart to the last follower", async () => {
    const [sku = ""] = skus;
    await passTime(MINUTE_MS);
    await deliverQueues();
    const rows = await countRows(async () => {
      const cart = await shop.cart({ [sku]: 1 }, "EU");
      expect((await shop.checkout(cart)).status).toBe(201);
      for (const webhook of await shop.collectWebhooks()) await deliverWebhook(webhook);
      await passTime(MINUTE_MS);
      await deliverQueues();
    });
    for (const [kind, count] of Object.entries(rows)) expect(count, kind).toBeLessThanOrEqual(ROWS_MAX[kind as keyof Rows]);
  });
});
