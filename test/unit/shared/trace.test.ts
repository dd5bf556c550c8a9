import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Span, treeOf } from "../../../bench/spans.ts";
import { guarded } from "../../../workers/shared/call-peer.ts";
import { type CallContext, checkContext, contextOfStranger } from "../../../workers/shared/telemetry.ts";
import { inSpan, isTraced, openContext, outsideSpans, sampleCall, traceMethods } from "../../../workers/shared/trace.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PLACE = { service: "gateway", hop: "gateway", name: "GET" } as const;
const POLICY = { service: "stock 7", deadlineMs: 1_000, retries: 0 };

/** An object as peers call it: the context need not come last. */
class Stock {
  readonly seen: (CallContext | undefined)[] = [];
  readonly ctx = {
    storage: { sync: async () => undefined, sql: { exec: () => ({ one: () => ({ changes: ++this.written }) }) } },
  };
  written = 0;

  async hold(quantity: number, context: CallContext, opening: null): Promise<number> {
    this.seen.push(checkContext(context));
    return await guarded(POLICY, async () => quantity + (opening === null ? 0 : 1));
  }
}
traceMethods(Stock, "stock", "object");

let lines: Span[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(JSON.parse(line) as Span));
});
afterEach(() => vi.restoreAllMocks());

function headers(flags: string): Headers {
  return new Headers({ traceparent: `00-${TRACE}-b7ad6b7169203331-${flags}`, "x-request-id": "request-1" });
}

/** A call that asks an object over RPC. */
async function order(stock: Stock): Promise<number> {
  const context = openContext() ?? contextOfStranger(headers("01"));
  // As RPC hands it over.
  return await guarded(POLICY, async () => await stock.hold(2, structuredClone(context), null));
}

describe("a sampled call", () => {
  it("is one tree of spans in the stranger's trace, down to the object's commits", async () => {
    const stock = new Stock();
    expect(await sampleCall(1, headers("01"), PLACE, () => order(stock))).toBe(2);
    await vi.waitFor(() => expect(lines).toHaveLength(6));
    expect(new Set(lines.map(({ trace_id }) => trace_id))).toEqual(new Set([TRACE]));
    const { roots, orphans } = treeOf(lines);
    expect(orphans).toEqual([]);
    const [call] = roots[0]?.children ?? [];
    expect(call?.span).toMatchObject({ hop: "rpc", service: "gateway", name: "stock" });
    const below = call?.children.map(({ span }) => `${span.hop} ${span.service} ${span.name}`);
    expect(below?.toSorted()).toEqual(["commit stock commit", "object stock hold"]);
    const [method] = call?.children.filter(({ span }) => span.hop === "object") ?? [];
    expect(method?.children[0]?.span).toMatchObject({ hop: "rpc", service: "stock" });
    expect(method?.children[0]?.children[0]?.span).toMatchObject({ hop: "commit" });
  });

  it("says so when it failed", async () => {
    const failing = sampleCall(1, new Headers(), PLACE, () =>
      inSpan("database", "rows", () => Promise.reject(new Error("away"))),
    );
    await expect(failing).rejects.toThrow("away");
    expect(lines).toMatchObject([
      { name: "rows", failed: true },
      { name: "GET", failed: true },
    ]);
  });

  it("has no part in what others share with it", async () => {
    await sampleCall(1, new Headers(), PLACE, async () => outsideSpans(() => inSpan("queue", "send", async () => null)));
    expect(lines.map(({ name }) => name)).toEqual(["GET"]);
  });
});

describe("a call that is not sampled", () => {
  it("writes nothing, whatever its caller's flags say, and tells nobody to", async () => {
    const stock = new Stock();
    for (const flags of ["00", "01"]) await sampleCall(0, headers(flags), PLACE, () => order(stock));
    expect(lines).toEqual([]);
    expect(stock.seen.map((context) => context?.traceparent.slice(-3))).toEqual(["-00", "-00"]);
    expect(stock.written).toBe(0);
    expect(isTraced()).toBe(false);
  });

  it("is every call that asks to be left out", async () => {
    await sampleCall(1, headers("00"), PLACE, () => order(new Stock()));
    expect(lines).toEqual([]);
  });
});
