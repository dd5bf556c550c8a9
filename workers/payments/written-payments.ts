/**
 * The rows that this isolate wrote last, so that a webhook which tells nothing new costs no database read: nearly every
 * payment is captured here moments before its webhooks arrive. A row only moves forward, so what was written stays true.
 */
import type { PaymentNews } from "./payment-rows.ts";

/** About 1 MB. The oldest are forgotten first and are read from the database again. */
const WRITTEN_MAX = 4_000;
const written = new Map<string, PaymentNews>();

/** Call it after the row is durable. */
export function noteWritten(news: PaymentNews): void {
  written.delete(news.paymentId);
  written.set(news.paymentId, news);
  if (written.size <= WRITTEN_MAX) return;
  for (const oldest of written.keys()) {
    written.delete(oldest);
    return;
  }
}

export function lastWritten(paymentId: string): PaymentNews | undefined {
  return written.get(paymentId);
}
