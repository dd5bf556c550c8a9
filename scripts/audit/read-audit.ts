/** Follows an audit of a running shop to its end, over as many requests as it takes. */
import * as z from "zod";

export const Report = z.object({
  run_id: z.string(),
  holds: z.boolean(),
  invariants: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      holds: z.boolean(),
      checked: z.int(),
      violation_count: z.int(),
      violations: z.array(z.object({ subject: z.string(), detail: z.string() })),
    }),
  ),
  in_flight: z.int(),
  took_ms: z.int(),
});
export type Report = z.infer<typeof Report>;

const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), state: z.string(), phase: z.string(), done: z.int(), of: z.int().nullable() }),
  z.object({ type: z.literal("violation"), invariant: z.string(), subject: z.string(), detail: z.string() }),
  z.object({ type: z.literal("report"), ...Report.shape }),
  z.object({ type: z.literal("continued"), location: z.string() }),
  z.object({ type: z.literal("failed"), detail: z.string() }),
]);
type Line = z.infer<typeof Line>;

export interface AuditWatcher {
  progress(line: Extract<Line, { type: "progress" }>): void;
  violation(line: Extract<Line, { type: "violation" }>): void;
}

/** @throws when the shop does not let us in, or could not read all of its books */
export async function readAudit(url: string, adminKey: string, watcher: AuditWatcher): Promise<Report> {
  // A run that goes on tells its violations again from the first.
  const seen = new Set<string>();
  for (let path = "/v1/admin/audit"; ; ) {
    const end = await followOnce(`${url}${path}`, adminKey, (line) => {
      if (line.type === "progress") watcher.progress(line);
      const text = JSON.stringify(line);
      if (line.type !== "violation" || seen.has(text)) return;
      seen.add(text);
      watcher.violation(line);
    });
    if (end?.type === "report") return Report.parse(end);
    if (end?.type === "failed") throw new Error(`The audit could not read all books: ${end.detail}`);
    if (end?.type !== "continued") throw new Error("The connection ended before the audit did. Run it again.");
    path = end.location;
  }
}

/** @returns the last line */
async function followOnce(address: string, adminKey: string, onLine: (line: Line) => void): Promise<Line | undefined> {
  const response = await fetch(address, { headers: { accept: "application/x-ndjson", authorization: `Bearer ${adminKey}` } });
  if (!response.ok || response.body === null) {
    throw new Error(`GET ${address} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  }
  let last: Line | undefined;
  for await (const text of linesOf(response.body)) {
    last = Line.parse(JSON.parse(text));
    onLine(last);
  }
  return last;
}

export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
  if (rest !== "") yield rest;
}
