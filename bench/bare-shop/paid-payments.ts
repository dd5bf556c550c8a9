/**
 * The bare shop's payments as no shop here can leave them out: by the provider's official SDK, at the payment sandbox. Still
 * nothing of our own around it: no check, ledger, log or retry.
 */
import { env, WorkerEntrypoint } from "cloudflare:workers";
import { createProvider } from "../../workers/payments/provider.ts";
import type { BarePaymentsApi } from "./shapes.ts";

const AMOUNT_MINOR = 999;

interface PaidEnv {
  readonly STRIPE_API_KEY: string;
  readonly PROVIDER: Fetcher;
}

const { STRIPE_API_KEY, PROVIDER } = env as unknown as PaidEnv;
const stripe = createProvider(STRIPE_API_KEY, PROVIDER);

export class PaidPayments extends WorkerEntrypoint implements BarePaymentsApi {
  async authorize(orderId: string): Promise<string> {
    const intent = await stripe.paymentIntents.create(
      {
        amount: AMOUNT_MINOR,
        currency: "gbp",
        capture_method: "manual",
        confirm: true,
        payment_method: "pm_card_visa",
        return_url: "https://shop.example/",
        metadata: { order_id: orderId },
      },
      { idempotencyKey: `authorize:${orderId}` },
    );
    return intent.id;
  }

  async capture(paymentId: string): Promise<void> {
    await stripe.paymentIntents.capture(
      paymentId,
      { amount_to_capture: AMOUNT_MINOR },
      { idempotencyKey: `capture:${paymentId}` },
    );
  }

  /** A webhook. */
  override async fetch(request: Request): Promise<Response> {
    await request.json();
    return new Response("ok");
  }
}
