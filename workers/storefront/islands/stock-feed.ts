/**
 * Follows one SKU's stock: a WebSocket while there is one, asking again and again while there is none. No DOM: the browser
 * is passed in.
 */
import type { Level } from "./stock-text.ts";

/** An open connection. */
export interface FeedSocket {
  send(data: string): void;
  /** Nothing is heard afterwards. */
  close(): void;
}

export interface FeedBrowser {
  /** @throws when sockets are forbidden here. */
  open(sku: string, onMessage: (data: unknown) => void, onClose: () => void): FeedSocket;
  /** Rejects when it cannot be asked; undefined when the SKU is unknown. */
  ask(sku: string): Promise<Level | undefined>;
  /** @returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** 0 to 1. */
  random(): number;
}

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 15_000;
/** A connection that died in silence is noticed after two of these. */
const PING_MS = 25_000;

export class StockFeed {
  readonly #browser: FeedBrowser;
  readonly #sku: string;
  readonly #hear: (level: Level) => void;
  #socket: FeedSocket | undefined;
  #cancelTimer: () => void = () => undefined;
  #failures = 0;
  #running = false;

  constructor(browser: FeedBrowser, sku: string, hear: (level: Level) => void) {
    this.#browser = browser;
    this.#sku = sku;
    this.#hear = hear;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#failures = 0;
    this.#connect();
  }

  /** For hidden pages: nothing is open, nothing is asked. */
  stop(): void {
    this.#running = false;
    this.#cancelTimer();
    this.#drop();
  }

  #connect(): void {
    const heard = (data: unknown) => {
      this.#failures = 0;
      this.#awaitSilence(false);
      const level = parseLevel(data);
      if (level !== undefined) this.#hear(level);
    };
    try {
      this.#socket = this.#browser.open(this.#sku, heard, () => this.#lost());
    } catch {
      this.#lost();
      return;
    }
    this.#awaitSilence(true);
  }

  /** @param pinged nothing was heard since the last ping: silence then means that nobody is there. */
  #awaitSilence(pinged: boolean): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#browser.after(PING_MS, () => {
      if (pinged) return this.#lost();
      this.#socket?.send("ping");
      this.#awaitSilence(true);
    });
  }

  /** Asks at once, so that the page stays true, and tries the socket again later. */
  #lost(): void {
    this.#drop();
    if (!this.#running) return;
    const delayMs = Math.min(RETRY_MIN_MS * 2 ** this.#failures, RETRY_MAX_MS) * (0.5 + this.#browser.random() / 2);
    this.#failures += 1;
    this.#cancelTimer();
    this.#cancelTimer = this.#browser.after(delayMs, () => this.#connect());
    void this.#poll();
  }

  async #poll(): Promise<void> {
    const level = await this.#browser.ask(this.#sku).catch(() => undefined);
    if (level !== undefined && this.#running) this.#hear(level);
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }
}

/** Undefined for `pong` and for anything that is no level. */
export function parseLevel(data: unknown): Level | undefined {
  if (typeof data !== "string" || !data.startsWith("{")) return undefined;
  const { available, backorderable } = JSON.parse(data) as Partial<Level>;
  return typeof available === "number" && typeof backorderable === "boolean" ? { available, backorderable } : undefined;
}
