/** Sums the traces of many acts (a visit, a read) to one table: where the time of the average act goes. Pure. */
import * as z from "zod";
import { allOf, endOf, ownTimes, type Span, type SpanNode, treeOf } from "./spans.ts";

const HopCost = z.strictObject({
  hop: z.string(),
  where: z.string(),
  /** Of one act, as are the times. */
  calls: z.number(),
  totalMs: z.number(),
  ownMs: z.number(),
});
export type HopCost = z.infer<typeof HopCost>;

const Aftermath = z.strictObject({
  hop: z.string(),
  where: z.string(),
  calls: z.number(),
  /** Of one call. */
  meanMs: z.number(),
  /** From the answer that the shopper got to the end of this; negative for what ends before. */
  endsAfterMs: z.number(),
});
export type Aftermath = z.infer<typeof Aftermath>;

export const HopBreakdown = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** How many acts were traced. */
  acts: z.int(),
  /** What whoever acts waits for answers, as they see it: with spans, and without. */
  wallMs: z.number(),
  untracedMs: z.number(),
  /** Of `wallMs`, what no span covers: the socket, HTTP, the client itself. */
  outsideMs: z.number(),
  hops: z.array(HopCost),
  after: z.array(Aftermath),
});
export type HopBreakdown = z.infer<typeof HopBreakdown>;

export interface TimedAct {
  readonly traceId: string;
  readonly isTraced: boolean;
  /** What whoever acts waited for answers. */
  readonly waitedMs: number;
}

/** @param spans of these acts and of everything else that happened meanwhile */
export function breakdownOf(name: string, title: string, spans: readonly Span[], acts: readonly TimedAct[]): HopBreakdown {
  const traced = acts.filter(({ isTraced }) => isTraced);
  const ids = new Set(traced.map(({ traceId }) => traceId));
  const traces = [...Map.groupBy(spans, ({ trace_id }) => trace_id)];
  const roots = traces.filter(([id]) => ids.has(id)).flatMap(([, trace]) => treeOf(trace).roots);
  const wallMs = meanOf(traced, ({ waitedMs }) => waitedMs);
  return {
    name,
    title,
    acts: traced.length,
    wallMs,
    untracedMs: meanOf(
      acts.filter(({ isTraced }) => !isTraced),
      ({ waitedMs }) => waitedMs,
    ),
    outsideMs: wallMs - roots.reduce((sum, { span }) => sum + span.duration_ms, 0) / traced.length,
    hops: hopCosts(roots, traced.length),
    after: aftermath(roots, traced.length),
  };
}

function hopCosts(roots: readonly SpanNode[], acts: number): HopCost[] {
  const costs = new Map<string, { hop: string; where: string; calls: number; totalMs: number; ownMs: number }>();
  for (const root of roots) {
    for (const [node, ownMs] of ownTimes(root)) {
      if (outlives(node) && ownMs === 0) continue;
      const { hop } = node.span;
      const where = whereOf(node.span);
      const cost = costs.get(`${hop} ${where}`) ?? { hop, where, calls: 0, totalMs: 0, ownMs: 0 };
      cost.calls += 1;
      cost.totalMs += node.untilMs - node.fromMs;
      cost.ownMs += ownMs;
      costs.set(`${hop} ${where}`, cost);
    }
  }
  return [...costs.values()]
    .map((all) => ({ ...all, calls: all.calls / acts, totalMs: all.totalMs / acts, ownMs: all.ownMs / acts }))
    .toSorted((left, right) => right.ownMs - left.ownMs);
}

/** Goes on when the span around it has ended. A commit does not: it is only noted when its object has the thread again. */
function outlives({ span, untilMs }: SpanNode): boolean {
  return span.hop !== "commit" && endOf(span) > untilMs;
}

function aftermath(roots: readonly SpanNode[], acts: number): Aftermath[] {
  const late = roots.flatMap((root) =>
    allOf(root)
      .filter(outlives)
      .map(({ span }) => ({ span, answeredAtMs: root.untilMs })),
  );
  return [...Map.groupBy(late, ({ span }) => whereOf(span))]
    .map(([where, those]) => ({
      hop: those[0]?.span.hop ?? "",
      where,
      calls: those.length / acts,
      meanMs: meanOf(those, ({ span }) => span.duration_ms),
      endsAfterMs: meanOf(those, ({ span, answeredAtMs }) => endOf(span) - answeredAtMs),
    }))
    .toSorted((left, right) => left.endsAfterMs - right.endsAfterMs);
}

function meanOf<T>(values: readonly T[], of: (value: T) => number): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

/** A call by both its ends, everything else by who does it. */
function whereOf({ hop, service, name }: Span): string {
  switch (hop) {
    case "rpc":
    case "provider":
      return `${service} → ${name}`;
    case "commit":
      return service;
    case "gateway":
      return name;
    case "database":
    case "queue":
      return `${service}: ${name}`;
    default:
      // A route has a space in it, a method has none.
      return name.includes(" ") ? `${service} ${name}` : `${service}.${name}`;
  }
}
