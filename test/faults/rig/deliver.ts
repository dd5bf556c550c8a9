/** Brings what left the shop to where it was going: queue messages to their consumers, webhooks to the payments worker. */
import { createMessageBatch } from "cloudflare:test";
import { type CapturedWebhook, type QueuedMessage, world } from "./outside-world.ts";
import { here } from "./wiring.ts";

/** What a consumer did with each message, by the message's place in the batch. */
export type Verdict = "ack" | "retry" | "none";

interface Consumer {
  queue(batch: MessageBatch): Promise<void>;
}

function consumerOf(queue: string): Consumer | undefined {
  switch (queue) {
    case "order-events-notifications":
    case "notification-outbox":
      return here.notifications();
    case "order-events-analytics":
    case "stock-events-analytics":
      return here.analytics();
    case "order-events-ledger":
      return here.payments();
    case "order-events-projection":
      return here.orders();
    default:
      return undefined;
  }
}

let nextMessage = 0;

/** One batch to the real handler of its queue. Messages of queues that nobody here consumes stay where they are. */
export async function deliverBatch(queue: string, bodies: readonly unknown[], attempts = 1): Promise<Verdict[]> {
  const consumer = consumerOf(queue);
  if (consumer === undefined) return bodies.map(() => "none");
  const verdicts: Verdict[] = bodies.map(() => "none");
  const batch = createMessageBatch(
    queue,
    bodies.map((body) => ({ id: `message-${nextMessage++}`, timestamp: new Date(), attempts, body: structuredClone(body) })),
  );
  for (const [place, message] of batch.messages.entries()) {
    const say = (verdict: Verdict) => () => {
      verdicts[place] = verdict;
    };
    Object.assign(message, { ack: say("ack"), retry: say("retry") });
  }
  await consumer.queue(batch);
  return verdicts;
}

/** Delivers everything that was sent, in order, queue by queue, until nothing is left; what asks for it comes once more. */
export async function deliverQueues(): Promise<void> {
  for (let rounds = 0; world.messages.length > 0 && rounds < 20; rounds++) {
    const byQueue = Map.groupBy(world.messages.splice(0), (message: QueuedMessage) => message.queue);
    for (const [queue, messages] of byQueue) {
      const verdicts = await deliverBatch(
        queue,
        messages.map(({ body }) => body),
        rounds + 1,
      );
      world.messages.push(...messages.filter((_, place) => verdicts[place] === "retry"));
    }
  }
}

/** @returns the status that the provider sees. */
export async function deliverWebhook(webhook: CapturedWebhook): Promise<number> {
  const request = new Request("http://localhost:8787/v1/webhooks/stripe", {
    method: "POST",
    body: webhook.body,
    headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": webhook.signature },
  });
  const response = await here.payments().fetch(request);
  await response.body?.cancel();
  return response.status;
}
