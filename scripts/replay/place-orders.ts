/** Sells invoices as guest checkouts: cart, all lines, address and shipping, checkout. One order per invoice and run. */
import { performance } from "node:perf_hooks";
import { progressBar } from "../lib/progress.ts";
import { skuOf } from "./derive-catalogue.ts";
import type { Invoice } from "./read-invoices.ts";
import type { Answer, ProblemBody, ShopClient } from "./shop-client.ts";

export interface SaleRun {
  /** Invoices that became placed orders. */
  readonly sold: readonly Invoice[];
  /** Reason → how many, with one example. */
  readonly refused: ReadonlyMap<string, { count: number; example: string }>;
  /** Milliseconds of each whole purchase (five requests), and of its checkout alone; ascending. */
  readonly purchaseMs: readonly number[];
  readonly checkoutMs: readonly number[];
  readonly elapsedMs: number;
}

interface CartBody {
  readonly id: string;
  readonly token: string;
}

export async function placeOrders(
  client: ShopClient,
  run: string,
  invoices: readonly Invoice[],
  concurrency: number,
): Promise<SaleRun> {
  const sold: Invoice[] = [];
  const refused = new Map<string, { count: number; example: string }>();
  const purchaseMs: number[] = [];
  const checkoutMs: number[] = [];
  const bar = progressBar("Selling", invoices.length);
  const startedAt = performance.now();
  let next = 0;
  let done = 0;
  async function buyer(): Promise<void> {
    for (let invoice = invoices[next++]; invoice !== undefined; invoice = invoices[next++]) {
      const beganAt = performance.now();
      const outcome = await sell(client, run, invoice);
      if (outcome.placed) {
        sold.push(invoice);
        purchaseMs.push(performance.now() - beganAt);
        checkoutMs.push(outcome.checkoutMs);
      } else {
        const entry = refused.get(outcome.reason) ?? { count: 0, example: `invoice ${invoice.number}: ${outcome.detail}` };
        entry.count++;
        refused.set(outcome.reason, entry);
      }
      bar.update(++done, `${(sold.length / ((performance.now() - startedAt) / 1000)).toFixed(1)} orders/s`);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, buyer));
  bar.end();
  const ascending = (left: number, right: number): number => left - right;
  return {
    sold,
    refused,
    purchaseMs: purchaseMs.sort(ascending),
    checkoutMs: checkoutMs.sort(ascending),
    elapsedMs: performance.now() - startedAt,
  };
}

type SaleOutcome =
  | { readonly placed: true; readonly checkoutMs: number }
  | { readonly placed: false; readonly reason: string; readonly detail: string };

async function sell(client: ShopClient, run: string, invoice: Invoice): Promise<SaleOutcome> {
  const key = `replay-${run}-${invoice.number}`;
  const email = `customer-${invoice.customerId === "" ? `guest-${invoice.number}` : invoice.customerId}@replay.example`;
  const created = await client.request<CartBody>("POST", "/v1/carts", { body: { currency: "GBP", email } });
  if (created.status !== 201) return refusal("create cart", created);
  const { id, token } = created.body;
  const headers = { "cart-token": token };
  const lines = invoice.lines.map((line) => ({ sku: skuOf(line), quantity: line.quantity }));
  const filled = await client.request("PUT", `/v1/carts/${id}/lines`, { headers, body: { lines } });
  if (filled.status !== 200) return refusal("fill cart", filled);
  const addressed = await client.request("PATCH", `/v1/carts/${id}`, { headers, body: { shipping_address: addressOf(invoice) } });
  if (addressed.status !== 200) return refusal("address", addressed);
  const options = await client.request<{ items?: { id: string }[] }>("GET", `/v1/carts/${id}/shipping-options`, { headers });
  const option = options.body.items?.[0]?.id;
  if (option === undefined) return refusal("shipping options", options);
  const chosen = await client.request("PATCH", `/v1/carts/${id}`, { headers, body: { shipping_option_id: option } });
  if (chosen.status !== 200) return refusal("choose shipping", chosen);
  const beganAt = performance.now();
  const ordered = await client.request<{ order?: { status?: string } }>("POST", `/v1/carts/${id}/checkout`, {
    headers: { ...headers, "idempotency-key": key },
    body: { payment_method: "pm_card_visa" },
  });
  if (ordered.status !== 201 || ordered.body.order?.status !== "placed") return refusal("checkout", ordered);
  return { placed: true, checkoutMs: performance.now() - beganAt };
}

function refusal(stepName: string, answer: Answer<unknown>): SaleOutcome {
  const problem = answer.body as ProblemBody;
  return {
    placed: false,
    reason: `${stepName}: ${answer.status} ${problem.code ?? ""}`.trim(),
    detail: problem.detail ?? JSON.stringify(answer.body).slice(0, 200),
  };
}

/** The file names only the country: the rest is made up. */
function addressOf(invoice: Invoice) {
  return {
    name: `Customer ${invoice.customerId || "guest"}`,
    line1: "1 Replay Street",
    city: "Replay",
    postal_code: "AB1 2CD",
    country: invoice.country,
  };
}
