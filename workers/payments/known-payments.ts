/**
 * The payments that this isolate heard of last, so that a webhook which tells nothing new costs no database read: nearly
 * every payment is captured here moments before its webhooks arrive. A payment only moves forward, so what was true stays so.
 */
import { BoundedStore } from "../shared/bounded-store.ts";
import type { PaymentNews } from "./payment-rows.ts";

/** Ten short members. */
const NEWS_BYTES = 400;
const LIMITS = { entriesMax: 4_000, bytesMax: 2 * 1_048_576, entryBytesMax: 1_024 };
const known = new BoundedStore<PaymentNews>(LIMITS, () => NEWS_BYTES);

/** Call it when the row is durable, or when its order's saga has the news and is about to make them so. */
export function note(news: PaymentNews): void {
  known.set(news.paymentId, news);
}

export function lastKnown(paymentId: string): PaymentNews | undefined {
  return known.get(paymentId);
}
