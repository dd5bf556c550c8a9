/**
 * From span lines to trees: what each span had of the time that somebody waited for it. Every instant of a request belongs
 * to the innermost spans open then, in equal parts when several are. Nobody waits for what a span does after the one
 * around it has ended, nor for a queue. Pure.
 */
import * as z from "zod";

const Span = z.looseObject({
  event: z.literal("span"),
  service: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string().optional(),
  hop: z.string(),
  name: z.string(),
  start_ms: z.number(),
  duration_ms: z.number(),
});
export type Span = z.infer<typeof Span>;

/** Undefined for every other line. */
export function parseSpan(line: string): Span | undefined {
  if (!line.includes('"event":"span"')) return undefined;
  return Span.parse(JSON.parse(line));
}

/** A span with those below it, and the part of its time that the one above waited for. */
export interface SpanNode {
  readonly span: Span;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly children: readonly SpanNode[];
}

export interface TraceTree {
  /** What came in from outside, in the order of starting. */
  readonly roots: readonly SpanNode[];
  /** Spans whose parent nobody wrote down. */
  readonly orphans: readonly Span[];
}

/** @param spans of one trace. What came from a stranger has the stranger's span as its parent. */
export function treeOf(spans: readonly Span[]): TraceTree {
  const known = new Set(spans.map(({ span_id }) => span_id));
  const below = Map.groupBy(spans, ({ parent_span_id = "" }) => parent_span_id);
  const isRoot = ({ hop }: Span) => hop === "gateway";
  const nodeOf = (span: Span, openFromMs: number, openUntilMs: number): SpanNode => {
    const isWaitedFor = span.hop !== "queue";
    const untilMs = isWaitedFor ? Math.min(openUntilMs, Math.max(openFromMs, endOf(span))) : openFromMs;
    const fromMs = Math.min(untilMs, Math.max(openFromMs, span.start_ms));
    const children = (below.get(span.span_id) ?? []).map((child) => nodeOf(child, fromMs, untilMs));
    return { span, fromMs, untilMs, children };
  };
  return {
    roots: spans
      .filter(isRoot)
      .toSorted((left, right) => left.start_ms - right.start_ms)
      .map((span) => nodeOf(span, span.start_ms, endOf(span))),
    orphans: spans.filter((span) => !isRoot(span) && !known.has(span.parent_span_id ?? "")),
  };
}

/** Each node below `root`, itself included, with its own part of the root's time; the parts add up to the whole. */
export function ownTimes(root: SpanNode): ReadonlyMap<SpanNode, number> {
  const nodes = allOf(root);
  const own = new Map(nodes.map((node) => [node, 0]));
  const moments = [...new Set(nodes.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))].toSorted((left, right) => left - right);
  for (const [index, fromMs] of moments.entries()) {
    const untilMs = moments[index + 1] ?? fromMs;
    const isOpen = (node: SpanNode) => node.fromMs <= fromMs && node.untilMs >= untilMs;
    const innermost = nodes.filter((node) => isOpen(node) && !node.children.some(isOpen));
    for (const node of innermost) own.set(node, (own.get(node) ?? 0) + (untilMs - fromMs) / innermost.length);
  }
  return own;
}

/** In the clock of the shop. */
export function endOf({ start_ms, duration_ms }: Span): number {
  return start_ms + duration_ms;
}

export function allOf(root: SpanNode): readonly SpanNode[] {
  return [root, ...root.children.flatMap(allOf)];
}
