/** What leaves the shop, kept for the test: queue messages, webhooks, mails; and what comes from outside it: list prices. */
import type { Quote, QuoteSheet } from "../../../workers/catalog/contract.ts";
import { ok, type Result } from "../../../workers/shared/result.ts";

export interface QueuedMessage {
  readonly queue: string;
  readonly body: unknown;
}

/** A webhook as the provider signed it. */
export interface CapturedWebhook {
  readonly body: string;
  readonly signature: string;
  readonly type: string;
  readonly orderId: string;
}

export interface SentMail {
  readonly to: string;
  readonly subject: string;
  /** `<event id>/<template>`: the same for a repeated sending. */
  readonly key: string;
}

/** Everything sent and not yet taken by the test, oldest first. */
export const world = {
  messages: [] as QueuedMessage[],
  webhooks: [] as CapturedWebhook[],
  mails: [] as SentMail[],
  /** Warnings and errors of the services: faults make many. */
  logs: [] as string[],
};

/** For the life of the isolate. */
export function captureLogs(): void {
  const capture = (...parts: unknown[]) => void world.logs.push(parts.map(String).join(" "));
  Object.assign(console, { warn: capture, error: capture });
}

export function capturedQueue(queue: string) {
  return {
    async send(body: unknown): Promise<void> {
      world.messages.push({ queue, body });
    },
    async sendBatch(messages: Iterable<{ readonly body: unknown }>): Promise<void> {
      for (const { body } of messages) world.messages.push({ queue, body });
    },
  };
}

export const webhookReceiver = {
  async fetch(_url: string, init: { readonly body: string; readonly headers: Record<string, string> }): Promise<Response> {
    const event = JSON.parse(init.body) as { type: string; data: { object: { metadata?: Record<string, string> } } };
    world.webhooks.push({
      body: init.body,
      signature: init.headers["stripe-signature"] ?? "",
      type: event.type,
      orderId: event.data.object.metadata?.["order_id"] ?? "",
    });
    return new Response(null, { status: 200 });
  },
};

export const mailbox = {
  async send(mail: { to: string; subject: string; headers: Record<string, string> }): Promise<{ messageId: string }> {
    const key = mail.headers["X-Entity-Ref-ID"] ?? "";
    world.mails.push({ to: mail.to, subject: mail.subject, key });
    return { messageId: `mail-${world.mails.length}` };
  },
};

/** Price in pence by SKU: a catalogue of which nothing but quoting is needed. */
export const prices = new Map<string, number>();

export const catalogue = {
  async quote(skus: readonly string[], currency: string): Promise<Result<QuoteSheet, never>> {
    const quotes = skus.flatMap((sku) => {
      const unitPriceMinor = prices.get(sku);
      return unitPriceMinor === undefined ? [] : [quoteOf(sku, unitPriceMinor, currency)];
    });
    const missing = skus.filter((sku) => !prices.has(sku)).map((sku) => ({ sku, reason: "unknown_sku" as const }));
    return ok({ version: 1, quotes, missing });
  },
};

function quoteOf(sku: string, unitPriceMinor: number, currency: string): Quote {
  return {
    sku,
    productId: `prod-${sku}`,
    handle: sku.toLowerCase(),
    title: `The ${sku}`,
    unitPriceMinor,
    currency,
    weightGrams: 100,
    requiresShipping: true,
    taxable: true,
    image: null,
  };
}
