/** A CheckoutPartition whose peers are the in-memory models, with faults on order: what its crash and race tests drive. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type {
  Cart,
  CheckoutAnswer,
  CheckoutCommand,
  CheckoutPartitionApi,
  ShopPolicy,
} from "../../../durable-objects/checkout-partition/contract.ts";
import type { CheckoutPartition } from "../../../durable-objects/checkout-partition/index.ts";
import type { Quote } from "../../../workers/catalog/contract.ts";
import type { HoldTogetherCommand } from "../../../workers/inventory/contract.ts";
import { newId, type Partition, partitionName } from "../../../workers/shared/identifiers.ts";
import { type CallContext, newContext } from "../../../workers/shared/telemetry.ts";
import { ModelPeers } from "./model-peers.ts";

export const POLICY: ShopPolicy = {
  shippingRates: [
    {
      id: "standard",
      name: "Standard",
      kind: "flat",
      countries: ["GB"],
      prices: { GBP: 399 },
      pricesPerKilogram: {},
      freeAboveMinor: {},
      estimatedDays: 3,
    },
  ],
  taxRates: [{ country: "GB", rateBasisPoints: 2_000, included: true }],
};

export const ADDRESS = { name: "Ada Canary", line1: "1 Secret Street", city: "London", postalCode: "N1 1AA", country: "GB" };

export function quoteOf(sku: string, unitPriceMinor = 1_000): Quote {
  return {
    sku,
    productId: "prod_1",
    handle: sku.toLowerCase(),
    title: `The ${sku}`,
    unitPriceMinor,
    currency: "GBP",
    weightGrams: 100,
    requiresShipping: true,
    taxable: true,
    image: null,
  };
}

export type PeerMethod =
  | "hold"
  | "holdTogether"
  | "commit"
  | "release"
  | "restock"
  | "authorize"
  | "inspect"
  | "capture"
  | "cancel"
  | "refund";

type Intercept = (method: PeerMethod, effect: () => unknown) => Promise<unknown> | unknown;

interface PartitionBindings {
  readonly CHECKOUT_PARTITION: DurableObjectNamespace<CheckoutPartition>;
}

let nextNumber = 0;

/** Every test gets a partition of its own. */
export class PartitionHarness {
  readonly partition: Partition = { region: 9, number: nextNumber++ % 256 };
  readonly model = new ModelPeers();
  readonly calls: PeerMethod[] = [];
  readonly sent: unknown[] = [];
  queueFails = false;
  /** Peers that are not replaced by the model: the workers that run beside this one. */
  real: readonly ("INVENTORY" | "PAYMENTS")[] = [];
  #abort: () => Promise<void> = async () => undefined;
  /** Decides what becomes of a call; by default its effect happens and its answer arrives. */
  intercept: Intercept = (_method, effect) => effect();

  get stub(): DurableObjectStub<CheckoutPartition> {
    const { CHECKOUT_PARTITION } = env as unknown as PartitionBindings;
    return CHECKOUT_PARTITION.getByName(partitionName(this.partition));
  }

  get api(): CheckoutPartitionApi {
    return this.stub as unknown as CheckoutPartitionApi;
  }

  context(): CallContext {
    return newContext();
  }

  /** Binds the models to the object that lives now; to be called again after an eviction. */
  async install(): Promise<this> {
    await runInDurableObject(this.stub, (instance, state) => {
      this.#abort = async () => {
        await state.storage.sync();
        state.abort("crashed by the test");
      };
      const bound = Reflect.get(instance, "env") as object;
      const value = { ...bound, ...this.#bindings() };
      for (const peer of this.real) Reflect.set(value, peer, Reflect.get(bound, peer));
      Object.defineProperty(instance, "env", { value, configurable: true, writable: true });
    });
    return this;
  }

  /** The object loses its memory, as after a crash; its storage stays. */
  async crash(): Promise<void> {
    await runInDurableObject(this.stub, (_instance, state) => state.abort("crashed by the test")).catch(() => undefined);
    await this.revive();
  }

  /**
   * Crashes at one call, before its effect or with its effect done and the answer lost. To be followed by `revive`.
   * A real call leaves the object only when its writes are durable (output gate); a plain function has to wait for it.
   */
  crashAt(nth: number, when: "before" | "after"): void {
    let count = 0;
    this.intercept = async (_method, effect) => {
      count += 1;
      if (count !== nth) return effect();
      if (when === "after") effect();
      await this.#abort();
      return await new Promise(() => undefined);
    };
  }

  /** A new object on the old storage, without faults. */
  async revive(): Promise<void> {
    this.intercept = (_method, effect) => effect();
    await this.install();
  }

  async alarmAtMs(): Promise<number | null> {
    return await runInDurableObject(this.stub, (_, state) => state.storage.getAlarm());
  }

  async ringAlarm(): Promise<boolean> {
    return await runDurableObjectAlarm(this.stub);
  }

  stock(sku: string, quantity: number): void {
    this.model.stock.set(sku, quantity);
  }

  /** A cart that lacks nothing. */
  async fullCart(lines: readonly { sku: string; quantity: number }[]): Promise<Cart> {
    const cartId = newId("cart", Date.now(), this.partition);
    const context = this.context();
    await this.api.createCart({ cartId, currency: "GBP", email: "ada@canary.test", customerId: null }, context);
    await this.api.putLines(
      {
        cartId,
        lines: lines.map(({ sku, quantity }) => ({ quote: quoteOf(sku), quantity })),
        removeSkus: [],
        replace: false,
        policy: POLICY,
      },
      context,
    );
    const filled = await this.api.updateCart(
      { cartId, shippingAddress: ADDRESS, shippingOptionId: "standard", policy: POLICY },
      context,
    );
    if (!filled.ok) throw new Error(filled.error.code);
    return filled.value;
  }

  command(cart: Cart, idempotencyKey: string, paymentMethod = "pm_card_visa"): CheckoutCommand {
    return {
      cartId: cart.id,
      idempotencyKey,
      bodySha256: "a".repeat(64),
      paymentMethod,
      returnUrl: "https://shop.test/orders/{order_id}?token={order_token}",
      quotes: cart.lines.map((line) => line.quote),
      policy: POLICY,
    };
  }

  async checkout(cart: Cart, key: string, paymentMethod?: string): Promise<CheckoutAnswer> {
    return await this.api.checkout(this.command(cart, key, paymentMethod), this.context());
  }

  async placedOrder(lines: readonly { sku: string; quantity: number }[]) {
    const answer = await this.checkout(await this.fullCart(lines), crypto.randomUUID());
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value.order;
  }

  async eventTypes(): Promise<string[]> {
    return (await this.api.readEvents(0, 500)).map((event) => event.type);
  }

  #bindings(): Record<string, unknown> {
    const model = this.model;
    const peer = (method: PeerMethod, effect: (...args: never[]) => unknown) => {
      return async (...args: never[]) => {
        this.calls.push(method);
        await letOthersIn();
        return structuredClone(await this.intercept(method, () => effect(...args)));
      };
    };
    const queue = {
      sendBatch: async (messages: Iterable<{ body: unknown }>) => {
        if (this.queueFails) throw new Error("queue is down");
        for (const message of messages) this.sent.push(message.body);
      },
    };
    return {
      INVENTORY: {
        hold: peer("hold", (command) => model.hold(command, Date.now())),
        holdTogether: peer("holdTogether", ({ sku, holds }: HoldTogetherCommand) => ({
          ok: true,
          value: holds.map(({ holdId, quantity, expiresAtMs }) =>
            model.hold({ holdId, lines: [{ sku, quantity }], expiresAtMs }, Date.now()),
          ),
        })),
        commit: peer("commit", (command: { holdId: string }) => model.commit(command.holdId, Date.now())),
        release: peer("release", (command: { holdId: string }) => model.release(command.holdId)),
        restock: peer("restock", (command) => model.restock(command)),
      },
      PAYMENTS: {
        authorize: peer("authorize", (command) => model.authorize(command)),
        inspect: peer("inspect", (paymentId) => model.inspect(paymentId)),
        capture: peer("capture", (paymentId) => model.capture(paymentId)),
        cancel: peer("cancel", (paymentId) => model.cancel(paymentId)),
        refund: peer("refund", (command) => model.refund(command)),
      },
      ORDER_EVENTS_NOTIFICATIONS: queue,
      ORDER_EVENTS_ANALYTICS: queue,
      ORDER_EVENTS_LEDGER: queue,
      ORDER_EVENTS_PROJECTION: queue,
    };
  }
}

/** A real call takes time, in which the object serves other requests; without this nothing ever interleaves. */
async function letOthersIn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A remote promise has any member that is asked for; assertions need one that is only a promise. */
export async function plain<T>(answer: Promise<T>): Promise<T> {
  return await answer;
}

export async function partitionUnderTest(stock: Readonly<Record<string, number>> = { A: 10, B: 10 }): Promise<PartitionHarness> {
  const harness = await new PartitionHarness().install();
  for (const [sku, quantity] of Object.entries(stock)) harness.stock(sku, quantity);
  return harness;
}
