/**
 * The sockets that watch one SKU: told the level when they open and after every change of it, at most a few times a
 * second. They hibernate with the object, and nothing about a watcher is ever written: watching costs the SKU nothing.
 */
import * as z from "zod";
import { Sku } from "../../workers/inventory/contract.ts";
import { problemResponse } from "../../workers/shared/problem.ts";
import type { StockLevel } from "./contract.ts";

/** Beyond this, pages poll: a crowd must not make each sale tell thousands. */
export const WATCHERS_MAX = 500;
/** Between two messages: several sales become one, and a watcher still hears of each within a second. */
const TELL_INTERVAL_MS = 250;
const POLL_AGAIN_AFTER_SECONDS = "15";
/** Sockets of this kind among whatever others the object may accept one day. */
const TAG = "watcher";
/** RFC 6455: the peer does what it was not asked to do. */
const POLICY_VIOLATION = 1008;

/** How the inventory service asks for a socket: what it knows of a SKU whose object was never opened. */
export const WatchQuery = z.strictObject({
  sku: Sku,
  available: z.coerce.number().int().min(0),
  backorderable: z.stringbool(),
});

interface Sockets {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** Undefined while the object is unopened. */
  readonly level: () => (StockLevel & { readonly sku: string }) | undefined;
}

export class StockWatchers {
  readonly #ctx: DurableObjectState;
  readonly #now: () => number;
  readonly #level: Sockets["level"];
  /** True while a socket may be open: the one thing that a sale looks at. */
  #watched: boolean;
  #toldAtMs = 0;
  /** What every watcher has heard; empty after waking, when nobody remembers. */
  #told = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ ctx, now, level }: Sockets) {
    this.#ctx = ctx;
    this.#now = now;
    this.#level = level;
    // After hibernation the sockets are there before the object is.
    this.#watched = this.#sockets().length > 0;
  }

  /** @returns 101 with the socket's other end, or a problem when too many watch. */
  accept(query: z.infer<typeof WatchQuery>): Response {
    const others = this.#sockets().length;
    if (others >= WATCHERS_MAX) return tooManyWatchers();
    const { 0: client, 1: server } = new WebSocketPair();
    // Answered by the runtime while the object sleeps: lets a page notice a dead connection.
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#ctx.acceptWebSocket(server, [TAG]);
    this.#watched = true;
    server.send(this.#firstMessage(others, messageOf(this.#level() ?? query)));
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Keeps `#told` what every watcher has heard: one who joins while news is on its way hears it with the others. */
  #firstMessage(others: number, current: string): string {
    if (others === 0) this.#told = current;
    return this.#timer !== undefined && this.#told !== "" ? this.#told : current;
  }

  /** After a change was written. Telling is left to a timer, so that no sale waits for its watchers. */
  noteChange(): void {
    if (!this.#watched || this.#timer !== undefined) return;
    const delayMs = Math.max(0, this.#toldAtMs + TELL_INTERVAL_MS - this.#now());
    this.#timer = setTimeout(() => this.#tell(), Math.min(delayMs, TELL_INTERVAL_MS));
  }

  /** Tells the level if it is another than the last told. */
  #tell(): void {
    this.#timer = undefined;
    const level = this.#level();
    const message = level === undefined ? this.#told : messageOf(level);
    if (message === this.#told) return;
    this.#told = message;
    this.#toldAtMs = this.#now();
    const sockets = this.#sockets();
    this.#watched = sockets.length > 0;
    for (const socket of sockets) send(socket, message);
  }

  /** There is nothing to say to a SKU; who talks anyway would wake it again and again. */
  refuseMessage(socket: WebSocket): void {
    socket.close(POLICY_VIOLATION, "This feed is not read.");
  }

  #sockets(): WebSocket[] {
    return this.#ctx.getWebSockets(TAG);
  }
}

function messageOf({ sku, available, backorderable }: StockLevel & { readonly sku: string }): string {
  return JSON.stringify({ sku, available, backorderable });
}

function send(socket: WebSocket, message: string): void {
  try {
    socket.send(message);
  } catch {
    // It closed between the listing and now; the runtime drops it from the list.
  }
}

function tooManyWatchers(): Response {
  return problemResponse({
    status: 503,
    code: "too_many_watchers",
    detail: "Too many pages watch this SKU. Poll GET /v1/availability, and try the feed again later.",
    headers: { "retry-after": POLL_AGAIN_AFTER_SECONDS },
  });
}
