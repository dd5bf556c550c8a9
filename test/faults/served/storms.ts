/** The calls of a retry storm: each has two bodies for one key, and a way to see what was really done. */
import { expect } from "vitest";
import type { Answer, OrderView, StockView } from "../../system/shop.ts";
import type { Random } from "../random.ts";
import type { PatientShop } from "./patient-shop.ts";

/** Which of the two bodies had the key first. */
export type Winner = 0 | 1;

export interface Storm {
  readonly what: string;
  readonly send: (which: Winner) => Promise<Answer>;
  /** @param answer the one that was not a replay. */
  readonly verify: (winner: Winner, answer: Answer) => Promise<void>;
}

/** What many keys do to one SKU is summed up and checked at the end. */
export interface StockTally {
  readonly sku: string;
  units: number;
}

interface Scene {
  readonly shop: PatientShop;
  readonly tally: StockTally;
  readonly random: Random;
  readonly name: string;
}

type Make = (scene: Scene) => Promise<Storm>;

/** How often each is drawn: what is dear to prepare, or slow on purpose, comes less often. */
const DRAWS: readonly (readonly [number, Make])[] = [
  [30, receipt],
  [15, adjustment],
  [20, checkout],
  [8, refund],
  [5, shipment],
  [14, cart],
  [6, category],
  [2, registration],
];

export async function makeStorm(scene: Scene): Promise<Storm> {
  let draw = scene.random.integer(
    1,
    DRAWS.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, make] of DRAWS) {
    draw -= weight;
    if (draw <= 0) return await make(scene);
  }
  throw new Error("nothing was drawn");
}

function keyed({ name }: Scene): { readonly "idempotency-key": string } {
  return { "idempotency-key": `storm-${name}` };
}

async function receipt(scene: Scene): Promise<Storm> {
  const quantities = [scene.random.integer(1, 9), scene.random.integer(10, 19)] as const;
  return moveStock(scene, "receipts", quantities, (quantity) => ({ quantity, reference: scene.name }));
}

async function adjustment(scene: Scene): Promise<Storm> {
  const quantities = [-scene.random.integer(1, 3), scene.random.integer(1, 9)] as const;
  return moveStock(scene, "adjustments", quantities, (quantity) => ({ quantity, reason: "counted" }));
}

function moveStock(
  scene: Scene,
  kind: "receipts" | "adjustments",
  quantities: readonly [number, number],
  bodyOf: (quantity: number) => unknown,
): Storm {
  const { shop, tally } = scene;
  return {
    what: kind,
    send: (which) =>
      shop.admin("POST", `/v1/admin/stock/${tally.sku}/${kind}`, { body: bodyOf(quantities[which]), headers: keyed(scene) }),
    verify: async (winner, answer) => {
      expect(answer.status).toBe(201);
      tally.units += quantities[winner];
    },
  };
}

async function checkout(scene: Scene): Promise<Storm> {
  const { shop, tally, name } = scene;
  const email = `${name}@shop.example`;
  const cart = await shop.fillCart({ [tally.sku]: 1 }, email);
  const methods = ["pm_card_visa", "pm_card_chargeDeclined"] as const;
  return {
    what: "checkout",
    send: async (which) => ({ ...(await shop.checkout<Record<string, unknown>>(cart, methods[which], `storm-${name}`)) }),
    verify: async (winner, answer) => {
      expect(answer.status).toBe(winner === 0 ? 201 : 402);
      if (winner === 0) tally.units -= 1;
      const orders = await shop.until(
        () => shop.admin<{ items: { status: string }[] }>("GET", `/v1/admin/orders?email=${encodeURIComponent(email)}`),
        ({ body }) => body.items[0]?.status === (winner === 0 ? "placed" : "failed"),
      );
      expect(orders.body.items).toHaveLength(1);
    },
  };
}

async function refund(scene: Scene): Promise<Storm> {
  const { shop, tally, name } = scene;
  const bought = await shop.buy({ [tally.sku]: 1 }, `${name}@shop.example`);
  tally.units -= 1;
  const amounts = [100, 200] as const;
  return {
    what: "refunds",
    send: (which) =>
      shop.admin("POST", `/v1/admin/orders/${bought.order.id}/refunds`, {
        body: { amount_minor: amounts[which], restock: false },
        headers: keyed(scene),
      }),
    verify: async (winner, answer) => {
      expect(answer.status).toBe(200);
      expect((await shop.order(bought)).payment.refunded.amount_minor).toBe(amounts[winner]);
    },
  };
}

async function shipment(scene: Scene): Promise<Storm> {
  const { shop, tally, name } = scene;
  const bought = await shop.buy({ [tally.sku]: 2 }, `${name}@shop.example`);
  tally.units -= 2;
  const carriers = ["Royal Mail", "Pigeon Post"] as const;
  return {
    what: "shipments",
    send: (which) =>
      shop.admin("POST", `/v1/admin/orders/${bought.order.id}/shipments`, {
        body: { carrier: carriers[which], lines: [{ sku: tally.sku, quantity: 1 }] },
        headers: keyed(scene),
      }),
    verify: async (winner, answer) => {
      expect(answer.status).toBe(200);
      const order = (await shop.order(bought)) as OrderView & { readonly shipments: readonly { readonly carrier: string }[] };
      expect(order.shipments.map(({ carrier }) => carrier)).toEqual([carriers[winner]]);
    },
  };
}

async function cart(scene: Scene): Promise<Storm> {
  const emails = [`${scene.name}-a@shop.example`, `${scene.name}-b@shop.example`] as const;
  return {
    what: "carts",
    send: (which) =>
      scene.shop.call("POST", "/v1/carts", { body: { currency: "GBP", email: emails[which] }, headers: keyed(scene) }),
    verify: async (winner, answer) => {
      expect(answer).toMatchObject({ status: 201, body: { email: emails[winner] } });
    },
  };
}

async function category(scene: Scene): Promise<Storm> {
  const handles = [`${scene.name}-a`, `${scene.name}-b`] as const;
  return {
    what: "categories",
    send: (which) =>
      scene.shop.admin("POST", "/v1/admin/categories", {
        body: { title: `Category ${handles[which]}`, handle: handles[which] },
        headers: keyed(scene),
      }),
    verify: async (winner, answer) => {
      expect(answer).toMatchObject({ status: 201, body: { handle: handles[winner] } });
      const loser = handles[winner === 0 ? 1 : 0];
      expect((await scene.shop.call("GET", `/v1/categories/${loser}`)).status).toBe(404);
    },
  };
}

/** Without the key the second call would sign in again: a second session. */
async function registration(scene: Scene): Promise<Storm> {
  const { shop, name } = scene;
  const passwords = [`correct horse ${name} one`, `battery staple ${name} two`] as const;
  return {
    what: "registrations",
    send: (which) =>
      shop.call("POST", "/v1/auth/register", {
        body: { email: `${name}@shop.example`, password: passwords[which] },
        headers: keyed(scene),
      }),
    verify: async (_winner, answer) => {
      expect(answer.status).toBe(201);
      const token = (answer.body as { readonly access_token: string }).access_token;
      const sessions = await shop.call<{ items: unknown[] }>("GET", "/v1/me/sessions", {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(sessions.body.items).toHaveLength(1);
    },
  };
}

export async function verifyTally(shop: PatientShop, tally: StockTally): Promise<void> {
  const expected: StockView = { on_hand: tally.units, held: 0, available: tally.units };
  expect(await shop.stock(tally.sku)).toEqual(expected);
}
