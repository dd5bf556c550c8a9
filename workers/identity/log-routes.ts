/** `/v1/admin/log`: who did what with the shop's privileges, and whether the log is whole. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { LogEntry } from "../../durable-objects/privileged-log/contract.ts";
import { isoTime } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonContent, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { ACTOR_KINDS, ChangeNote } from "../shared/privileged-act.ts";
import type { Env } from "./env.ts";
import { operatorOnly } from "./operator-only.ts";
import { privilegedLog } from "./privileged-log.ts";
import { PRIVATE } from "./representations.ts";

const tags = ["Privileged log"];
const security = [{ bearer: [] }];
const Sequence = z.int().min(0);

const LogEntryJson = z
  .strictObject({
    id: z.string(),
    sequence: z.int().openapi({ description: "Of its record in the chain; outcomes are records of their own between them." }),
    hash: z.string(),
    at: z.iso.datetime(),
    actor: z.strictObject({
      kind: z.enum(ACTOR_KINDS),
      id: z.string().nullable(),
      client: z.string().nullable(),
      role: z.string().nullable(),
    }),
    method: z.string(),
    path: z.string(),
    resource: z.string(),
    request_id: z.string(),
    network: z.string().nullable(),
    asked: z.unknown().openapi({ description: "The body, without secrets and free text." }),
    before: z
      .unknown()
      .openapi({ description: "The members that the act changed, as they were; null for what was made or begun." }),
    after: z
      .unknown()
      .openapi({ description: "The same, as they are; null for what was removed. Empty on both sides: nothing changed." }),
    outcome: z
      .strictObject({ at: z.iso.datetime(), status: z.int(), code: z.string().nullable() })
      .nullable()
      .openapi({ description: "Null: it was never heard what became of it, so it may have happened." }),
  })
  .openapi("LogEntry");

function logEntryJson({ sequence, hash, atMs, attempt, outcome }: LogEntry): z.infer<typeof LogEntryJson> {
  const change = outcome?.change == null ? {} : ChangeNote.parse(JSON.parse(outcome.change));
  return {
    id: attempt.id,
    sequence,
    hash,
    at: isoTime(atMs),
    actor: attempt.actor,
    method: attempt.method,
    path: attempt.path,
    resource: change.resource ?? attempt.resource,
    request_id: attempt.requestId,
    network: attempt.network,
    asked: attempt.asked === null ? null : JSON.parse(attempt.asked),
    before: change.before ?? null,
    after: change.after ?? null,
    outcome: outcome === null ? null : { at: isoTime(outcome.atMs), status: outcome.status, code: outcome.code },
  };
}

const Moment = z.iso
  .datetime()
  .transform((text) => Date.parse(text))
  .openapi({ type: "string", format: "date-time" });

const readLog = createRoute({
  method: "get",
  middleware: operatorOnly("log:read"),
  path: "/v1/admin/log",
  operationId: "readPrivilegedLog",
  tags,
  summary: "Privileged acts and attempts, newest first",
  description: "Every call that changes something below `/v1/admin`, also when it was refused. Kept for 400 days.",
  security,
  request: {
    query: z.strictObject({
      actor: z.string().max(200).optional().openapi({ description: "An account's, key's or app's id, or `admin_key`." }),
      resource: z.string().max(300).optional().openapi({ description: "`orders`, or `orders/ord_…`." }),
      from: Moment.optional(),
      to: Moment.optional(),
      limit: PageLimit,
      cursor: z.string().max(200).optional(),
    }),
  },
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(LogEntryJson), next_cursor: z.string().nullable() }), "A page of the log"),
    ...problemResponses(400, 401, 403),
  },
});

const LogCheckJson = z
  .strictObject({
    intact: z.boolean(),
    checked: z.int(),
    broken_at: z.int().nullable().openapi({ description: "The first record that is not as it was written, or is missing." }),
    head: z.strictObject({ sequence: z.int(), hash: z.string() }).openapi({
      description: "The last good record. Keep it elsewhere: a log that was written anew from the start has another hash there.",
    }),
    next_cursor: z.string().nullable(),
  })
  .openapi("LogVerification");

const verify = createRoute({
  method: "get",
  middleware: operatorOnly("log:read"),
  path: "/v1/admin/log/verification",
  operationId: "verifyPrivilegedLog",
  tags,
  summary: "Whether the log's chain is whole",
  description: "A bounded piece a call: go on with `next_cursor` until it is null.",
  security,
  request: { query: z.strictObject({ cursor: z.string().max(200).optional() }) },
  responses: { 200: jsonContent(LogCheckJson, "What was found"), ...problemResponses(400, 401, 403) },
});

export function mountLogRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(readLog, async (c) => {
    const { actor, resource, from: fromMs, to: toMs, limit, cursor } = c.req.valid("query");
    const beforeSequence = cursor === undefined ? undefined : decodeCursor(Sequence, cursor);
    using found = await privilegedLog(c.env).read({ actor, resource, fromMs, toMs, beforeSequence, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last !== undefined ? encodeCursor(last.sequence) : null;
    return c.json({ items: page.map(logEntryJson), next_cursor }, 200, PRIVATE);
  });
  app.openapi(verify, async (c) => {
    const { cursor } = c.req.valid("query");
    const after = cursor === undefined ? undefined : decodeCursor(Sequence, cursor);
    using found = await privilegedLog(c.env).check(after);
    const { throughSequence: sequence, hash, complete, checked, brokenAt } = found;
    const next_cursor = complete || brokenAt !== null ? null : encodeCursor(sequence);
    return c.json(
      { intact: brokenAt === null, checked, broken_at: brokenAt, head: { sequence, hash }, next_cursor },
      200,
      PRIVATE,
    );
  });
}
