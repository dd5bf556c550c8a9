/** Drives the dead-letter worker: messages die, operators call, and what goes back to a queue is kept in a list. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import type { Env } from "../../../queues/dead-letters/env.ts";
import DeadLetters from "../../../queues/dead-letters/index.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";

export const bindings = env as unknown as Env;
export const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };
export { GUEST };
export const WITH_SCOPE = (scope: string): Principal => ({ ...OPERATOR, scopes: [scope] });

export interface LetterView {
  readonly id: string;
  readonly queue: string;
  readonly state: string;
  readonly reason: string;
  readonly attempts: number;
  readonly deaths: number;
  readonly received_at: string;
  readonly died_at: string;
  readonly replayed_at: string | null;
  readonly discarded_at: string | null;
  readonly body: unknown;
  readonly history: readonly { readonly died_at: string; readonly reason: string; readonly attempts: number }[];
}

export interface Answer extends LetterView {
  readonly items: readonly LetterView[];
  readonly next_cursor: string | null;
  readonly code: string;
}

/** What was sent back, by queue. */
export const sent: { readonly queue: string; readonly body: unknown }[] = [];
let refuseSends = false;

export function breakQueues(broken: boolean): void {
  refuseSends = broken;
}

function recording(queue: string): Queue {
  return {
    async send(body: unknown) {
      if (refuseSends) throw new Error("the queue is away");
      sent.push({ queue, body });
    },
  } as unknown as Queue;
}

const testEnv: Env = {
  DATABASE: bindings.DATABASE,
  DEAD_LETTERS: recording("dead-letters"),
  ACCOUNT_MESSAGES: recording("account-messages"),
  ORDER_EVENTS_PROJECTION: recording("order-events-projection"),
  ORDER_EVENTS_LEDGER: recording("order-events-ledger"),
  ORDER_EVENTS_NOTIFICATIONS: recording("order-events-notifications"),
  ORDER_EVENTS_ANALYTICS: recording("order-events-analytics"),
  STOCK_EVENTS_ANALYTICS: recording("stock-events-analytics"),
  NOTIFICATION_OUTBOX: recording("notification-outbox"),
};

export function worker(overrides: Partial<Env> = {}): DeadLetters {
  return new DeadLetters(createExecutionContext(), { ...testEnv, ...overrides });
}

export async function deliver(
  queue: string,
  messages: readonly { readonly id: string; readonly body: unknown; readonly attempts?: number }[],
  overrides: Partial<Env> = {},
): Promise<FetcherQueueResult> {
  const batch = createMessageBatch(
    queue,
    messages.map(({ id, body, attempts }) => ({ id, body, attempts: attempts ?? 1, timestamp: new Date() })),
  );
  await worker(overrides).queue(batch);
  return await getQueueResult(batch, createExecutionContext());
}

export interface Dying {
  readonly messageId: string;
  readonly queue?: string;
  readonly reason?: string;
  readonly body?: unknown;
}

export const noticeOf = ({ messageId, queue, reason, body }: Dying) => ({
  messageId,
  queue: queue ?? "order-events-ledger",
  reason: reason ?? "no such partition",
  attempts: RETRIES_MAX + 1,
  body: body ?? { source: "/orders/partitions/0-1", sequence: 1, event: null },
});

/** A consumer gives these messages up. */
export async function die(...messages: readonly Dying[]): Promise<FetcherQueueResult> {
  return await deliver(
    "dead-letters",
    messages.map((message, index) => ({ id: `notice-${message.messageId}-${index}`, body: noticeOf(message) })),
  );
}

export async function call(path: string, method = "GET", principal: Principal = OPERATOR) {
  const headers = { [PRINCIPAL_HEADER]: encodePrincipal(principal) };
  const request = new Request(`https://gateway/v1/admin/dead-letters${path}`, { method, headers });
  const response = await worker().fetch(request);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.json<Answer>() };
}

/** The one letter there is. */
export async function onlyLetter(): Promise<LetterView> {
  const { items } = (await call("")).body;
  const [letter] = items;
  if (letter === undefined || items.length !== 1) throw new Error(`${items.length} letters`);
  return (await call(`/${letter.id}`)).body;
}

export async function emptyEverything(): Promise<void> {
  sent.length = 0;
  refuseSends = false;
  await bindings.DATABASE.exec("DELETE FROM dead_letters");
}
