import { describe, expect, it } from "vitest";
import { breakdownOf } from "../../../bench/hop-costs.ts";
import { breakdownText, hopRows } from "../../../bench/hop-table.ts";
import { ownTimes, parseSpan, type Span, treeOf } from "../../../bench/spans.ts";

/** `a` is the request itself. */
function span(id: string, parent: string, hop: string, startMs: number, endMs: number, trace = "t"): Span {
  return {
    event: "span",
    service: "shop",
    trace_id: trace,
    span_id: id,
    parent_span_id: parent,
    hop,
    name: id,
    start_ms: startMs,
    duration_ms: endMs - startMs,
  };
}

function ownOf(spans: readonly Span[]): Record<string, number> {
  const [root] = treeOf(spans).roots;
  if (root === undefined) throw new Error("no request");
  return Object.fromEntries([...ownTimes(root)].map(([node, ms]) => [node.span.span_id, ms]));
}

const REQUEST = [
  span("a", "client", "gateway", 100, 120),
  span("b", "a", "rpc", 102, 118),
  span("c", "b", "service", 103, 117),
  span("d", "c", "rpc", 105, 115),
  span("e", "c", "rpc", 105, 109),
];

describe("the time of a request", () => {
  it("belongs to the innermost spans, and adds up to the whole", () => {
    const own = ownOf(REQUEST);
    expect(own).toEqual({ a: 4, b: 2, c: 4, d: 8, e: 2 });
    expect(Object.values(own).reduce((sum, ms) => sum + ms, 0)).toBe(20);
  });

  it("is not that of work which goes on when the answer is out, nor of queues", () => {
    const late = [...REQUEST, span("f", "d", "database", 110, 140), span("g", "c", "queue", 104, 900)];
    expect(ownOf(late)).toEqual({ a: 4, b: 2, c: 4, d: 3, e: 2, f: 5, g: 0 });
  });

  it("is told from the order of lines", () => {
    expect(ownOf(REQUEST.toReversed())).toEqual(ownOf(REQUEST));
  });
});

describe("a tree of spans", () => {
  it("names spans whose parent nobody wrote down", () => {
    const { roots, orphans } = treeOf([...REQUEST, span("x", "lost", "rpc", 106, 107)]);
    expect(roots).toHaveLength(1);
    expect(orphans.map(({ span_id }) => span_id)).toEqual(["x"]);
  });

  it("is read from log lines, and from no others", () => {
    const line = JSON.stringify(span("a", "client", "gateway", 1, 2));
    expect(parseSpan(line)).toMatchObject({ span_id: "a", duration_ms: 1 });
    expect(parseSpan('{"event":"access"}')).toBeUndefined();
    expect(parseSpan("plain text")).toBeUndefined();
  });
});

describe("a breakdown", () => {
  const other = REQUEST.map((each) => ({ ...each, trace_id: "u" }));
  const webhook = span("w", "", "gateway", 130, 136, "w");
  const late = span("f", "d", "database", 112, 140);
  const acts = [
    { traceId: "t", isTraced: true, waitedMs: 23 },
    { traceId: "u", isTraced: true, waitedMs: 25 },
    { traceId: "v", isTraced: false, waitedMs: 21 },
  ];
  const breakdown = breakdownOf("read", "Read", [...REQUEST, late, ...other, webhook], acts);

  it("is of one act, and adds up to what the shopper waited", () => {
    expect(breakdown).toMatchObject({ acts: 2, wallMs: 24, untracedMs: 21, outsideMs: 4 });
    const inside = breakdown.hops.reduce((sum, { ownMs }) => sum + ownMs, 0);
    expect(inside + breakdown.outsideMs).toBeCloseTo(24);
    expect(breakdown.hops.find(({ where }) => where === "shop → b")).toEqual({
      ...{ hop: "rpc", where: "shop → b", calls: 1, totalMs: 16, ownMs: 2 },
    });
  });

  it("says what goes on afterwards, and leaves out what belongs to no act", () => {
    expect(breakdown.after).toEqual([{ hop: "database", where: "shop: f", calls: 0.5, meanMs: 28, endsAfterMs: 20 }]);
    expect(breakdown.hops.map(({ where }) => where)).not.toContain("w");
  });

  it("has a table whose shares are the whole", () => {
    const shares = hopRows(breakdown).map((row) => Number.parseFloat(row[5] ?? ""));
    expect(shares.pop()).toBe(100);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    expect(breakdownText(breakdown)).toContain("What nobody waits for:");
  });
});
