/**
 * The rows that this isolate wrote last, so that a webhook which tells nothing new costs no database read: nearly every
 * payment is captured here moments before its webhooks arrive. A row only moves forward, so what was written stays true.
 */
import { BoundedStore } from "../shared/bounded-store.ts";
import type { PaymentNews } from "./payment-rows.ts";

/** Ten short members. */
const NEWS_BYTES = 400;
const LIMITS = { entriesMax: 4_000, bytesMax: 2 * 1_048_576, entryBytesMax: 1_024 };
const written = new BoundedStore<PaymentNews>(LIMITS, () => NEWS_BYTES);

/** Call it after the row is durable. */
export function noteWritten(news: PaymentNews): void {
  written.set(news.paymentId, news);
}

export function lastWritten(paymentId: string): PaymentNews | undefined {
  return written.get(paymentId);
}
