/** How the known bugs of other shops are looked for: the same short story, told again and again in another order of moments. */
import Stripe from "stripe";
import { expect, it } from "vitest";
import { Random } from "../random.ts";
import { auditShop } from "../rig/audit-shop.ts";
import { quiesce } from "../rig/clock.ts";
import type { CapturedWebhook } from "../rig/outside-world.ts";
import { pause } from "../rig/quick-timers.ts";
import { openShop, type RigCart, type Shop, type Told } from "../rig/shop.ts";
import { rig } from "../rig/wiring.ts";
import { faultRun, runs, tell } from "../size.ts";

const INTERLEAVING_MAX_MS = 4;

export type Story = (shop: Shop, random: Random) => Promise<void>;

/** Once in a quick run, a hundred times in a full one; the books of all of them must be in order at the end. */
export function known(bug: string, story: Story): void {
  it(`never: ${bug}`, { timeout: 600_000 }, async ({ task }) => {
    const { seed } = faultRun();
    const histories = runs({ quick: 1, full: 100 });
    for (let index = 0; index < histories; index++) {
      const shop = await openShop();
      try {
        await story(shop, new Random(seed + index));
      } catch (error) {
        throw new Error(`${bug}: again with HOLDFAST_SEED=${(seed + index) >>> 0}`, { cause: error });
      }
    }
    await quiesce();
    expect(await auditShop()).toEqual([]);
    tell(task, { row: "F12", what: `known bug: ${bug}`, histories });
  });
}

/** All at once, each starting a moment before or after the others. */
export async function atOnce<T>(random: Random, ...works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const started = works.map((work) => ({ work, delayMs: random.integer(0, INTERLEAVING_MAX_MS) }));
  return await Promise.all(
    started.map(async ({ work, delayMs }) => {
      await pause(delayMs);
      return await work();
    }),
  );
}

/** The order that an answer names. */
export function orderIdOf(told: Told): string {
  return told.body?.order?.id ?? told.body?.order_id ?? "";
}

export interface Waiting {
  readonly orderId: string;
  readonly redirectUrl: string;
}

/** A checkout whose bank wants to hear from the shopper. */
export async function waitingForBank(shop: Shop, cart: RigCart): Promise<Waiting> {
  const told = await shop.checkout(cart, "pm_card_authenticationRequired");
  expect(told.status).toBe(202);
  return { orderId: orderIdOf(told), redirectUrl: told.body.next_action.url };
}

export async function placed(shop: Shop, lines: Readonly<Record<string, number>>): Promise<string> {
  const told = await shop.checkout(await shop.cart(lines));
  expect(told.status).toBe(201);
  return orderIdOf(told);
}

/** The webhook with another content, signed as the provider would. */
export async function altered(webhook: CapturedWebhook, change: (event: StripeEvent) => void): Promise<CapturedWebhook> {
  const event = JSON.parse(webhook.body) as StripeEvent;
  change(event);
  const body = JSON.stringify(event);
  const signature = await new Stripe("sk_test_unused").webhooks.generateTestHeaderStringAsync({
    payload: body,
    secret: rig.STRIPE_WEBHOOK_SECRET,
    timestamp: Math.floor(Date.now() / 1_000),
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
  return { ...webhook, body, signature };
}

interface StripeEvent {
  id: string;
  readonly data: { readonly object: { id: string; amount: number; metadata: Record<string, string> } };
}
