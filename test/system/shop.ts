/** What shoppers and operators do, by the public API alone. Every JSON answer is held against the published document. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type ApiDocument, describedAnswer } from "./published-api.ts";
import type { TestSystem } from "./serve-system.ts";

/** What reaches a served shop, also from another process than its own. */
export type ShopAddress = Pick<TestSystem, "url" | "adminKey">;

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly shortages?: readonly { readonly sku: string; readonly requested: number; readonly available: number }[];
}

export interface Money {
  readonly amount_minor: number;
  readonly currency: string;
}

export interface CartView {
  readonly id: string;
  readonly token: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly unit_price: Money;
    readonly total: Money;
  }[];
  readonly totals: Readonly<Record<"subtotal" | "discount" | "shipping" | "tax" | "total", Money>>;
}

export interface OrderView {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly email: string;
  readonly totals: CartView["totals"];
  readonly payment: { readonly status: string; readonly amount: Money; readonly refunded: Money };
  readonly timeline: readonly { readonly type: string; readonly at: string }[];
}

export interface CheckoutView {
  readonly order: OrderView;
  readonly token: string;
  readonly next_action?: { readonly type: string; readonly url: string } | null;
}

export interface StockView {
  readonly on_hand: number;
  readonly held: number;
  readonly available: number;
}

export const ADDRESS = { name: "Ada Example", line1: "1 Test Street", city: "London", postal_code: "SW1A 1AA", country: "GB" };
const POLL_INTERVAL_MS = 100;
const PATIENCE_MS = 45_000;

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Shop {
  readonly system: ShopAddress;
  readonly #document: ApiDocument | undefined;

  constructor(system: ShopAddress, document?: ApiDocument) {
    this.system = system;
    this.#document = document;
  }

  async call<T = Record<string, unknown>>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const isText = typeof options.body === "string";
    const response = await fetch(this.system.url + path, {
      method,
      redirect: "manual",
      headers: { ...(options.body === undefined || isText ? {} : { "content-type": "application/json" }), ...options.headers },
      ...(options.body === undefined ? {} : { body: isText ? (options.body as string) : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const body = (isJson ? JSON.parse(text) : text) as T;
    expect(response.headers.get("x-request-id")).toBeTruthy();
    if (this.#document !== undefined) expect(describedAnswer(this.#document, method, path, response, body)).toEqual([]);
    return { status: response.status, body, headers: response.headers };
  }

  admin<T = Record<string, unknown>>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call<T>(method, path, {
      ...options,
      headers: { ...options.headers, authorization: `Bearer ${this.system.adminKey}` },
    });
  }

  /** Imports products of one variant each and waits until they are in. */
  async importProducts(
    products: readonly { readonly sku: string; readonly priceMinor: number; readonly stock: number }[],
  ): Promise<void> {
    const header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Status\n";
    const rows = products.map(
      ({ sku, priceMinor, stock }) =>
        `${sku.toLowerCase()},Product ${sku},${sku},${(priceMinor / 100).toFixed(2)},${stock},active\n`,
    );
    const started = await this.admin<{ id: string }>("POST", "/v1/admin/imports", {
      body: header + rows.join(""),
      headers: { "content-type": "text/csv" },
    });
    expect(started.status).toBe(202);
    const done = await this.until(
      () => this.admin<{ status: string; accepted: number; refused: unknown[] }>("GET", `/v1/admin/imports/${started.body.id}`),
      ({ body }) => body.status === "completed" || body.status === "failed",
    );
    expect(done.body).toMatchObject({ status: "completed", refused: [] });
  }

  /** A cart with lines, address and the cheapest shipping. */
  async fillCart(lines: Readonly<Record<string, number>>, email = "ada@shop.example"): Promise<CartView> {
    const created = await this.call<CartView>("POST", "/v1/carts", { body: { currency: "GBP", email } });
    expect(created.status).toBe(201);
    const { id, token } = created.body;
    const headers = { "cart-token": token };
    for (const [sku, quantity] of Object.entries(lines)) {
      const put = await this.call("PUT", `/v1/carts/${id}/lines/${encodeURIComponent(sku)}`, { body: { quantity }, headers });
      expect(put).toMatchObject({ status: 200 });
    }
    expect((await this.call("PATCH", `/v1/carts/${id}`, { body: { shipping_address: ADDRESS }, headers })).status).toBe(200);
    const options = await this.call<{ items: { id: string }[] }>("GET", `/v1/carts/${id}/shipping-options`, { headers });
    const option = { shipping_option_id: options.body.items[0]?.id };
    const cart = await this.call<CartView>("PATCH", `/v1/carts/${id}`, { body: option, headers });
    expect(cart.status).toBe(200);
    return { ...cart.body, token };
  }

  checkout<T = CheckoutView>(cart: CartView, paymentMethod = "pm_card_visa", key: string = randomUUID()): Promise<Answer<T>> {
    return this.call<T>("POST", `/v1/carts/${cart.id}/checkout`, {
      body: { payment_method: paymentMethod },
      headers: { "cart-token": cart.token, "idempotency-key": key },
    });
  }

  /** Buys and expects it to work. */
  async buy(lines: Readonly<Record<string, number>>, email?: string): Promise<CheckoutView> {
    const ordered = await this.checkout(await this.fillCart(lines, email));
    expect(ordered).toMatchObject({ status: 201, body: { order: { status: "placed" } } });
    return ordered.body;
  }

  async order(checkout: Pick<CheckoutView, "order" | "token">): Promise<OrderView> {
    const answer = await this.call<OrderView>("GET", `/v1/orders/${checkout.order.id}`, {
      headers: { "order-token": checkout.token },
    });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async stock(sku: string): Promise<StockView> {
    const answer = await this.admin<StockView>("GET", `/v1/admin/stock/${encodeURIComponent(sku)}`);
    expect(answer.status).toBe(200);
    return { on_hand: answer.body.on_hand, held: answer.body.held, available: answer.body.available };
  }

  /** Violations of every invariant; the last word of each test. */
  async violations(): Promise<readonly unknown[]> {
    type Report = { invariants: readonly { id: string; holds: boolean; violations: readonly unknown[] }[] };
    const answer = await this.admin<Report>("GET", "/v1/admin/audit");
    expect(answer.status).toBe(200);
    expect(answer.body.invariants.length).toBeGreaterThan(0);
    return answer.body.invariants.filter((report) => !report.holds);
  }

  /** Asks until the answer is as wanted; what follows an order is asynchronous. */
  async until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (wanted(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`still not as wanted: ${JSON.stringify(answer).slice(0, 1_000)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }
}
