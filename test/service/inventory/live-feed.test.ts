/** The live feed: who watches a SKU hears of every change of it, and watching costs the SKU nothing. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SkuStock } from "../../../durable-objects/sku-stock/index.ts";
import { StockWatchers, WATCHERS_MAX } from "../../../durable-objects/sku-stock/stock-watchers.ts";
import { call, commit, fresh, hold, inMinutes, inventory, query, release, stocked, stub } from "./shop.ts";

interface Watcher {
  readonly status: number;
  /** Messages that are no level. */
  readonly words: string[];
  readonly levels: { sku: string; available: number; backorderable: boolean }[];
  readonly closed: number[];
  readonly socket: WebSocket;
}

const sockets: WebSocket[] = [];
/** The pages' ends of sockets that a test opens inside the object: one that nobody holds is collected, which closes its socket. */
const pageEnds: WebSocket[] = [];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const socket of sockets.splice(0)) socket.close();
  pageEnds.length = 0;
});

async function openFeed(sku: string): Promise<Response> {
  const headers = { upgrade: "websocket" };
  return await inventory.fetch(`https://inventory.test/v1/stock-feed?sku=${encodeURIComponent(sku)}`, { headers });
}

async function watch(sku: string): Promise<Watcher> {
  const response = await openFeed(sku);
  if (response.webSocket === null) throw new Error(`no socket: ${response.status}`);
  const socket = response.webSocket;
  const watcher: Watcher = { status: response.status, levels: [], words: [], closed: [], socket };
  socket.addEventListener("message", ({ data }) => {
    if (String(data).startsWith("{")) watcher.levels.push(JSON.parse(String(data)));
    else watcher.words.push(String(data));
  });
  socket.addEventListener("close", ({ code }) => {
    watcher.closed.push(code);
  });
  socket.accept();
  sockets.push(socket);
  await hears(watcher, expect.any(Number));
  return watcher;
}

async function hears(watcher: Watcher, available: number): Promise<void> {
  await vi.waitFor(() => expect(watcher.levels.at(-1)?.available).toEqual(available), { timeout: 1_000, interval: 10 });
}

async function problemOf(response: Response): Promise<{ status: number; code: string }> {
  const { status, code } = await response.json<{ status: number; code: string }>();
  return { status, code };
}

describe("a feed", () => {
  it("says the level at once, and every watcher hears of a sale within a second", async () => {
    const sku = await stocked(5);
    const [first, second] = [await watch(sku), await watch(sku)];
    expect(first.status).toBe(101);
    expect(first.levels).toEqual([{ sku, available: 5, backorderable: false }]);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 2 }]);
    await Promise.all([hears(first, 3), hears(second, 3)]);
    await release(holdId, sku);
    await Promise.all([hears(first, 5), hears(second, 5)]);
  });

  it("tells of receipts, adjustments and of a policy that lets a sold-out SKU be ordered", async () => {
    const sku = await stocked(0);
    const watcher = await watch(sku);
    await call("POST", `/v1/admin/stock/${sku}/receipts`, { key: fresh("key"), body: { quantity: 7 } });
    await hears(watcher, 7);
    await call("POST", `/v1/admin/stock/${sku}/adjustments`, { key: fresh("key"), body: { quantity: -7, reason: "count" } });
    await hears(watcher, 0);
    await call("PUT", `/v1/admin/stock/${sku}/policy`, { body: { backorderable: true } });
    await vi.waitFor(() => expect(watcher.levels.at(-1)).toEqual({ sku, available: 0, backorderable: true }), { timeout: 1_000 });
  });

  it("makes few messages of many sales, and the last one is the truth", async () => {
    const sku = await stocked(200);
    const watcher = await watch(sku);
    const startedAtMs = Date.now();
    for (let index = 0; index < 100; index++) await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await hears(watcher, 100);
    const quartersOfSecond = Math.ceil((Date.now() - startedAtMs) / 250);
    expect(watcher.levels.length).toBeLessThanOrEqual(2 + quartersOfSecond);
  });

  it("says nothing when nothing changed for buyers", async () => {
    const sku = await stocked(5);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 2 }]);
    const watcher = await watch(sku);
    await commit(holdId, sku);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await hears(watcher, 2);
    expect(watcher.levels.map((level) => level.available)).toEqual([3, 2]);
  });

  it("tells of holds that ran out, by the alarm that was set for their end", async () => {
    const sku = await stocked(5);
    await hold(fresh("hold"), [{ sku, quantity: 4 }], inMinutes(15));
    const watcher = await watch(sku);
    expect(watcher.levels.at(-1)?.available).toBe(1);
    vi.useFakeTimers({ toFake: ["Date"], now: inMinutes(16) });
    await runDurableObjectAlarm(stub(sku));
    await hears(watcher, 5);
  });
});

describe("watching", () => {
  it("writes nothing: an untouched SKU stays unopened, and its first sale is heard", async () => {
    const sku = await stocked(3);
    const watcher = await watch(sku);
    expect(watcher.levels).toEqual([{ sku, available: 3, backorderable: false }]);
    expect(await query(sku, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")).toEqual([]);
    expect(await inventory.listTouchedSkus("", 1_000)).not.toContain(sku);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await hears(watcher, 2);
  });

  it("survives hibernation of the object", async () => {
    const sku = await stocked(3);
    const [first, second] = [await watch(sku), await watch(sku)];
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await Promise.all([hears(first, 2), hears(second, 2)]);
    await evictDurableObject(stub(sku), { webSockets: "hibernate" });
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await Promise.all([hears(first, 1), hears(second, 1)]);
    expect([first.closed, second.closed]).toEqual([[], []]);
  });

  it("tells by the alarm what an object that went down in mid-change did not get to tell", async () => {
    const sku = await stocked(3);
    const watcher = await watch(sku);
    vi.spyOn(StockWatchers.prototype, "noteChange").mockImplementation(() => undefined);
    await hold(fresh("hold"), [{ sku, quantity: 1 }]);
    await evictDurableObject(stub(sku), { webSockets: "hibernate" });
    const late = await watch(sku);
    expect([watcher, late].map(({ levels }) => levels.map(({ available }) => available))).toEqual([[3], [2]]);
    vi.restoreAllMocks();
    await runDurableObjectAlarm(stub(sku));
    await hears(watcher, 2);
  });

  it("tells one who joins after waking the truth, and the others too", async () => {
    const sku = await stocked(3);
    const first = await watch(sku);
    await evictDurableObject(stub(sku), { webSockets: "hibernate" });
    const second = await watch(sku);
    const holdId = fresh("hold");
    await hold(holdId, [{ sku, quantity: 1 }]);
    await Promise.all([hears(first, 2), hears(second, 2)]);
    await release(holdId, sku);
    await Promise.all([hears(first, 3), hears(second, 3)]);
  });

  it("answers ping, and hangs up on who says more", async () => {
    const sku = await stocked(3);
    const [polite, talker] = [await watch(sku), await watch(sku)];
    polite.socket.send("ping");
    await vi.waitFor(() => expect(polite.words).toContain("pong"), { timeout: 1_000 });
    talker.socket.send("hello");
    await vi.waitFor(() => expect(talker.closed).toEqual([1008]), { timeout: 1_000 });
    expect(polite.closed).toEqual([]);
  });

  it(`takes ${WATCHERS_MAX} watchers, and asks the next to poll`, async () => {
    const sku = await stocked(3);
    await runInDurableObject(stub(sku), (_object: SkuStock, state) => {
      for (let index = 0; index < WATCHERS_MAX - 1; index++) {
        const { 0: client, 1: server } = new WebSocketPair();
        pageEnds.push(client);
        state.acceptWebSocket(server, ["watcher"]);
      }
    });
    const last = await watch(sku);
    const refused = await openFeed(sku);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await problemOf(refused)).toEqual({ status: 503, code: "too_many_watchers" });
    last.socket.close();
    await vi.waitFor(async () => expect((await openFeed(sku)).status).toBe(101), { timeout: 2_000 });
  });
});

describe("a refusal", () => {
  it("is 404 for a SKU that nobody keeps", async () => {
    expect(await problemOf(await openFeed("NOBODY-KEEPS-IT"))).toEqual({ status: 404, code: "unknown_sku" });
  });

  it("is 400 for what cannot be a SKU", async () => {
    expect(await problemOf(await openFeed(" "))).toEqual({ status: 400, code: "invalid_request" });
  });

  it("is 426 for a plain request", async () => {
    const answer = await call("GET", `/v1/stock-feed?sku=${await stocked(1)}`);
    expect(answer).toMatchObject({ status: 426, body: { code: "upgrade_required", title: "Upgrade required" } });
    expect(answer.headers.get("upgrade")).toBe("websocket");
  });
});
