/** Following a SKU's stock through connections that come, go, and never come. Time is moved by hand. */
import { describe, expect, it } from "vitest";
import { type FeedBrowser, parseLevel, StockFeed } from "../../../workers/storefront/islands/stock-feed.ts";
import type { Level } from "../../../workers/storefront/islands/stock-text.ts";

interface Connection {
  readonly sent: string[];
  closed: boolean;
  readonly say: (data: unknown) => void;
  readonly end: () => void;
}

class FakeBrowser implements FeedBrowser {
  readonly connections: Connection[] = [];
  asked = 0;
  answer: Level | Error = { available: 7, backorderable: false };
  forbidsSockets = false;
  #timers: { atMs: number; run: () => void }[] = [];
  #nowMs = 0;

  open(_sku: string, onMessage: (data: unknown) => void, onClose: () => void) {
    if (this.forbidsSockets) throw new Error("SecurityError");
    const connection: Connection = { sent: [], closed: false, say: onMessage, end: onClose };
    this.connections.push(connection);
    return {
      send: (data: string) => void connection.sent.push(data),
      close: () => {
        connection.closed = true;
      },
    };
  }

  async ask(): Promise<Level> {
    this.asked += 1;
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  random(): number {
    return 1;
  }

  get timers(): number {
    return this.#timers.length;
  }

  async pass(seconds: number): Promise<void> {
    const endMs = this.#nowMs + seconds * 1_000;
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = next.atMs;
      next.run();
      await Promise.resolve();
    }
    this.#nowMs = endMs;
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

function follow() {
  const browser = new FakeBrowser();
  const heard: number[] = [];
  const feed = new StockFeed(browser, "MUG", ({ available }) => heard.push(available));
  return { browser, heard, feed };
}

const message = (available: number) => JSON.stringify({ sku: "MUG", available, backorderable: false });

describe("a feed", () => {
  it("passes on what the socket says and asks for nothing else", async () => {
    const { browser, heard, feed } = follow();
    feed.start();
    browser.connections[0]?.say(message(3));
    browser.connections[0]?.say(message(2));
    await browser.pass(20);
    expect(heard).toEqual([3, 2]);
    expect(browser.asked).toBe(0);
  });

  it("asks at once when the socket ends, and opens another that takes over", async () => {
    const { browser, heard, feed } = follow();
    feed.start();
    browser.connections[0]?.say(message(3));
    browser.connections[0]?.end();
    await browser.pass(0);
    expect(heard).toEqual([3, 7]);
    await browser.pass(1);
    browser.connections[1]?.say(message(6));
    await browser.pass(20);
    expect(heard).toEqual([3, 7, 6]);
    expect(browser.connections.length).toBe(2);
  });

  it("polls ever more slowly, but at least every 15 seconds, while no socket opens", async () => {
    const { browser, feed } = follow();
    browser.forbidsSockets = true;
    feed.start();
    await browser.pass(16);
    expect(browser.asked).toBe(5);
    await browser.pass(600);
    expect(browser.asked).toBe(45);
  });

  it("goes on when asking fails too", async () => {
    const { browser, heard, feed } = follow();
    browser.answer = new Error("offline");
    feed.start();
    browser.connections[0]?.end();
    await browser.pass(2);
    expect(heard).toEqual([]);
    browser.connections[1]?.say(message(1));
    expect(heard).toEqual([1]);
  });

  it("pings a quiet socket and gives up one that does not answer", async () => {
    const { browser, feed } = follow();
    feed.start();
    browser.connections[0]?.say(message(3));
    await browser.pass(25);
    expect(browser.connections[0]?.sent).toEqual(["ping"]);
    browser.connections[0]?.say("pong");
    await browser.pass(49);
    expect(browser.connections.length).toBe(1);
    await browser.pass(3);
    expect(browser.connections[0]?.closed).toBe(true);
    expect(browser.connections.length).toBe(2);
  });

  it("keeps nothing open and asks nothing while nobody looks, and starts afresh", async () => {
    const { browser, heard, feed } = follow();
    feed.start();
    browser.connections[0]?.say(message(3));
    feed.stop();
    await browser.pass(100);
    expect([browser.connections[0]?.closed, browser.asked, browser.timers]).toEqual([true, 0, 0]);
    feed.start();
    feed.start();
    expect(browser.connections.length).toBe(2);
    browser.connections[1]?.say(message(2));
    expect(heard).toEqual([3, 2]);
  });

  it("does not pass on an answer that comes after it was stopped", async () => {
    const { browser, heard, feed } = follow();
    feed.start();
    browser.connections[0]?.end();
    feed.stop();
    await browser.pass(5);
    expect(heard).toEqual([]);
  });
});

describe("a message", () => {
  it.each([["pong"], ["{}"], ['{"available":"3","backorderable":true}'], [new ArrayBuffer(2)], [undefined]])(
    "that is no level is passed over: %s",
    (data) => {
      expect(parseLevel(data)).toBeUndefined();
    },
  );
});
