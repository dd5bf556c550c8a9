/** Reads what stands in the shop's orders and stock, and in the provider's own books, for `claims.ts`. */
import { pooled } from "../../system/pooled.ts";
import type { TestSystem } from "../../system/serve-system.ts";
import type { Money, OrderView, Shop } from "../../system/shop.ts";
import type { KnownOrder, ProviderPayment } from "./claims.ts";

interface Units {
  readonly sku: string;
  readonly quantity: number;
}

interface AdminOrder extends OrderView {
  readonly lines: readonly Units[];
  readonly refunds: readonly { readonly amount: Money; readonly restocked: boolean; readonly lines: readonly Units[] }[];
}

interface OrderPage {
  readonly items: readonly { readonly id: string }[];
  readonly next_cursor: string | null;
}

interface ProviderPage {
  readonly has_more: boolean;
  readonly data: readonly {
    readonly id: string;
    readonly amount_received: number;
    readonly metadata: { readonly order_id?: string };
    readonly latest_charge: { readonly amount_refunded: number } | null;
  }[];
}

export interface SoldOrder extends KnownOrder {
  /** What left the stock for good: sold, less what was put back. */
  readonly sold: readonly Units[];
}

export async function readOrders(shop: Shop): Promise<SoldOrder[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await shop.admin<OrderPage>("GET", `/v1/admin/orders?limit=100${query}`);
    ids.push(...body.items.map(({ id }) => id));
    cursor = body.next_cursor;
  }
  return await pooled(ids, async (id) => knownOrder((await shop.admin<AdminOrder>("GET", `/v1/admin/orders/${id}`)).body));
}

function knownOrder(order: AdminOrder): SoldOrder {
  const wasPlaced = order.timeline.some(({ type }) => type === "order.placed");
  const putBack = order.refunds.filter(({ restocked }) => restocked).flatMap(({ lines }) => lines);
  const minus = putBack.map(({ sku, quantity }) => ({ sku, quantity: -quantity }));
  return {
    id: order.id,
    email: order.email,
    status: order.status,
    totalMinor: order.totals.total.amount_minor,
    refundedMinor: order.payment.refunded.amount_minor,
    wasPlaced,
    sold: wasPlaced ? [...order.lines, ...minus] : [],
  };
}

export async function readPayments(system: TestSystem): Promise<ProviderPayment[]> {
  const payments: ProviderPayment[] = [];
  for (let more = true; more; ) {
    const last = payments.at(-1)?.id;
    const after = last === undefined ? "" : `&starting_after=${last}`;
    const page = (await system.readProvider(`/v1/payment_intents?limit=100&expand[]=data.latest_charge${after}`)) as ProviderPage;
    payments.push(...page.data.map(paymentOf));
    more = page.has_more;
  }
  return payments;
}

function paymentOf(intent: ProviderPage["data"][number]): ProviderPayment {
  return {
    id: intent.id,
    orderId: intent.metadata.order_id ?? "",
    capturedMinor: intent.amount_received,
    refundedMinor: intent.latest_charge?.amount_refunded ?? 0,
  };
}
