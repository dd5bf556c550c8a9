/**
 * One shopper's visit as seen from outside: new cart, line, address, checkout. Whoever is turned away leaves. On Node's own
 * HTTP client, because the load has to cost less than what it measures.
 */
import { randomUUID } from "node:crypto";
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { performance } from "node:perf_hooks";

export type VisitStep = "look" | "cart" | "line" | "address" | "checkout";

/** `slowestMs`: the longest that the shopper waited for one answer. */
export type Visit =
  | { readonly kind: "bought"; readonly orderId: string; readonly orderToken: string; readonly slowestMs: number }
  | { readonly kind: "shed"; readonly step: VisitStep; readonly retryAfterSeconds: number | null }
  | { readonly kind: "failed"; readonly step: VisitStep; readonly reason: string };

interface Answer {
  readonly tookMs: number;
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly id?: string;
    readonly token?: string;
    readonly code?: string;
    readonly order?: { readonly id: string };
  };
}

/** From the shipping rates that every new shop has. */
const SHIPPING_OPTION = "uk-standard";
const ADDRESS = { name: "Bench Buyer", line1: "1 Quay", city: "Hull", postal_code: "HU1 1AA", country: "GB" };
/** Longer than the gateway's own deadlines: who waits longer has given up. */
const PATIENCE_MS = 30_000;
/** Sockets are what a load generator runs out of first; beyond this, arrivals wait here and count as late. */
const SOCKETS_MAX = 2_000;

interface Habits {
  /** Under which the orders are placed. */
  readonly email?: string;
  /** Of each SKU. */
  readonly quantity?: number;
  /** Further headers of the next request. */
  readonly further?: () => OutgoingHttpHeaders;
}

export class Visitors {
  readonly #origin: string;
  readonly #email: string;
  readonly #quantity: number;
  readonly #further: () => OutgoingHttpHeaders;
  #waitedMs = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX, scheduling: "lifo" });

  constructor(url: string, { email = "buyer@bench.example", quantity = 1, further = () => ({}) }: Habits = {}) {
    this.#email = email;
    this.#quantity = quantity;
    this.#further = further;
    this.#origin = url.replace(/\/$/, "");
  }

  /** Never rejects. */
  async visit(...skus: readonly string[]): Promise<Visit> {
    const wanted = { quantity: this.#quantity };
    const cart = await this.#step("cart", "POST", "/v1/carts", {}, { currency: "GBP" });
    if ("kind" in cart) return cart;
    const path = `/v1/carts/${cart.body.id}`;
    const headers = { "cart-token": cart.body.token ?? "" };
    const answers = [cart];
    for (const sku of skus) {
      const line = await this.#step("line", "PUT", `${path}/lines/${encodeURIComponent(sku)}`, headers, wanted);
      if ("kind" in line) return line;
      answers.push(line);
    }
    const delivery = { email: this.#email, shipping_address: ADDRESS, shipping_option_id: SHIPPING_OPTION };
    const addressed = await this.#step("address", "PATCH", path, headers, delivery);
    if ("kind" in addressed) return addressed;
    const keyed = { ...headers, "idempotency-key": randomUUID() };
    const ordered = await this.#step("checkout", "POST", `${path}/checkout`, keyed, { payment_method: "pm_card_visa" });
    if ("kind" in ordered) return ordered;
    const slowestMs = Math.max(...[...answers, addressed, ordered].map(({ tookMs }) => tookMs));
    const { order, token } = ordered.body;
    return { kind: "bought", orderId: order?.id ?? "", orderToken: token ?? "", slowestMs };
  }

  /** For answers, altogether. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** @throws unless the answer is 200 */
  async look(path: string): Promise<void> {
    await this.ask("GET", path, {}, "");
  }

  /** @throws unless the answer is 200 */
  async ask(method: string, path: string, headers: OutgoingHttpHeaders, body: string): Promise<void> {
    const { status } = await this.#send(method, path, headers, body);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #step(
    step: VisitStep,
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body: object,
  ): Promise<Answer | Exclude<Visit, { kind: "bought" }>> {
    try {
      const answer = await this.#send(method, path, headers, JSON.stringify(body));
      const { status } = answer;
      if (status === 200 || status === 201) return answer;
      const retryAfter = answer.headers["retry-after"];
      if (answer.body.code === "overloaded")
        return { kind: "shed", step, retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter) };
      return { kind: "failed", step, reason: `${status} ${answer.body.code}` };
    } catch (error) {
      return { kind: "failed", step, reason: String(error) };
    }
  }

  async #send(method: string, path: string, own: OutgoingHttpHeaders, body: string): Promise<Answer> {
    const sent = { ...own, ...this.#further() };
    const sentAtMs = performance.now();
    return await new Promise((resolve, reject) => {
      const outgoing = request(this.#origin + path, {
        agent: this.#agent,
        method,
        timeout: PATIENCE_MS,
        headers: body === "" ? sent : { ...sent, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        incoming.setEncoding("utf8");
        let text = "";
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { statusCode: status = 0, headers } = incoming;
          const isJson = String(headers["content-type"]).includes("json");
          const tookMs = performance.now() - sentAtMs;
          this.#waitedMs += tookMs;
          resolve({ tookMs, status, headers, body: isJson ? JSON.parse(text) : {} });
        });
      });
      outgoing.end(body);
    });
  }
}
