/** The consumers of the rig by their queues, and the dead-letter worker beside them, with a way to call its desk. */
import { env as bindings } from "cloudflare:workers";
import DeadLetters from "../../../queues/dead-letters/index.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER } from "../../../workers/shared/principal.ts";
import { capturedQueue } from "../rig/outside-world.ts";
import { here } from "../rig/wiring.ts";

const CONTEXT = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} } as unknown as ExecutionContext;
const DATABASE = (bindings as unknown as { readonly DATABASE_DEAD_LETTERS: D1Database }).DATABASE_DEAD_LETTERS;
const OPERATOR = { ...GUEST, kind: "operator", scopes: ["*"] } as const;

const WORKERS: Readonly<Record<string, string>> = {
  "order-events-projection": "orders",
  "order-events-ledger": "payments",
  "order-events-notifications": "notifications",
  "notification-outbox": "notifications",
  "order-events-analytics": "analytics",
  "stock-events-analytics": "analytics",
};
/** Every queue that a follower consumes. */
export const FOLLOWED_QUEUES = Object.keys(WORKERS).filter((queue) => queue !== "notification-outbox");

interface Consumer {
  queue(batch: MessageBatch): Promise<void>;
}

function queueNamed(name: string): Queue {
  return capturedQueue(name) as unknown as Queue;
}

function deadLetters(): DeadLetters {
  return new DeadLetters(CONTEXT, {
    DATABASE,
    DEAD_LETTERS: queueNamed("dead-letters"),
    ACCOUNT_MESSAGES: queueNamed("account-messages"),
    ORDER_EVENTS_PROJECTION: queueNamed("order-events-projection"),
    ORDER_EVENTS_LEDGER: queueNamed("order-events-ledger"),
    ORDER_EVENTS_NOTIFICATIONS: queueNamed("order-events-notifications"),
    ORDER_EVENTS_ANALYTICS: queueNamed("order-events-analytics"),
    STOCK_EVENTS_ANALYTICS: queueNamed("stock-events-analytics"),
    NOTIFICATION_OUTBOX: queueNamed("notification-outbox"),
  });
}

/** `dead-letters` for everything that nobody else consumes. */
export function workerOf(queue: string): string {
  return WORKERS[queue] ?? "dead-letters";
}

export function consumerOf(queue: string): Consumer | undefined {
  switch (WORKERS[queue]) {
    case "orders":
      return here.orders();
    case "payments":
      return here.payments();
    case "notifications":
      return here.notifications();
    case "analytics":
      return here.analytics();
    default:
      return queue === "dead-letters" || WORKERS[queue.replace(/-dead$/, "")] !== undefined ? deadLetters() : undefined;
  }
}

export interface LetterView {
  readonly id: string;
  readonly queue: string;
  readonly state: string;
  readonly reason: string;
  readonly attempts: number;
  readonly deaths: number;
}

/** All of them. */
export async function listLetters(state = "dead"): Promise<readonly LetterView[]> {
  const letters: LetterView[] = [];
  for (let cursor = ""; ; ) {
    const page = await callDesk<{ items: readonly LetterView[]; next_cursor: string | null }>(
      "GET",
      `?limit=100&state=${state}${cursor}`,
    );
    letters.push(...page.items);
    if (page.next_cursor === null) return letters;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

export async function replay(id: string): Promise<LetterView> {
  return await callDesk<LetterView>("POST", `/${id}/replay`);
}

async function callDesk<T>(method: string, path: string): Promise<T> {
  const headers = { [PRINCIPAL_HEADER]: encodePrincipal({ ...OPERATOR, scopes: [...OPERATOR.scopes] }) };
  const response = await deadLetters().fetch(new Request(`https://gateway/v1/admin/dead-letters${path}`, { method, headers }));
  if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json<T>();
}

export async function forgetLetters(): Promise<void> {
  await DATABASE.exec("DELETE FROM dead_letters");
}
