/** The operators' desk for dead letters: list, read with its history, replay, discard. */
import { createRoute, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../../workers/shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../../workers/shared/cursor.ts";
import {
  createServiceApp,
  describeService,
  jsonContent,
  notFound,
  problemResponses,
  type ServiceContext,
} from "../../workers/shared/http.ts";
import { idSchema } from "../../workers/shared/identifiers.ts";
import { requireOperator } from "../../workers/shared/principal.ts";
import { noteDifference } from "../../workers/shared/privileged-act.ts";
import { ProblemError } from "../../workers/shared/problem.ts";
import type { Result } from "../../workers/shared/result.ts";
import type { Env } from "./env.ts";
import { queueOf } from "./queue-bindings.ts";
import { findDeadLetter, listDeadLetters, listDeaths } from "./read-dead-letters.ts";
import { DEAD_LETTER_STATES, type DeadLetterRow } from "./schema.ts";
import { discardLetter, replayLetter, type SettleDependencies, type SettleError } from "./settle-letter.ts";

const DeadLetterId = idSchema("dlq");
const QueueName = z.string().regex(/^[a-z0-9-]{1,63}$/, "must be a queue's name, such as order-events-ledger");

const DeadLetterJson = z
  .strictObject({
    id: z.string(),
    queue: z.string().openapi({ description: "Where it died, and where a replay puts it back." }),
    state: z.enum(DEAD_LETTER_STATES),
    reason: z.string().openapi({ description: "Why its consumer gave up, of the newest death." }),
    attempts: z.int().openapi({ description: "Deliveries, over all deaths." }),
    deaths: z.int().openapi({ description: "More than one: it was replayed, or came twice, and died again." }),
    received_at: z.iso.datetime().openapi({ description: "When it first died." }),
    died_at: z.iso.datetime().openapi({ description: "When it last died." }),
    replayed_at: z.iso.datetime().nullable(),
    discarded_at: z.iso.datetime().nullable(),
  })
  .openapi("DeadLetter");

const DeadLetterDetailJson = DeadLetterJson.extend({
  body: z.unknown().openapi({ description: "The message, as the queue carried it." }),
  history: z
    .array(z.strictObject({ died_at: z.iso.datetime(), reason: z.string(), attempts: z.int() }))
    .openapi({ description: "Its newest deaths first." }),
}).openapi("DeadLetterDetail");

const tags = ["Dead letters"];
const security = [{ bearer: [] }];
const params = z.strictObject({ id: DeadLetterId });

const listRoute = createRoute({
  method: "get",
  path: "/v1/admin/dead-letters",
  operationId: "listDeadLetters",
  summary: "Messages that no consumer could process",
  tags,
  security,
  request: {
    query: z.strictObject({
      queue: QueueName.optional(),
      state: z.enum(DEAD_LETTER_STATES).optional(),
      cursor: z.string().max(200).optional(),
      limit: PageLimit,
    }),
  },
  responses: {
    200: jsonContent(
      z.strictObject({ items: z.array(DeadLetterJson), next_cursor: z.string().nullable() }).openapi("DeadLetterList"),
      "Newest first",
    ),
    ...problemResponses(400, 401, 403),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/admin/dead-letters/{id}",
  operationId: "readDeadLetter",
  summary: "One dead letter with its body and its deaths",
  tags,
  security,
  request: { params },
  responses: { 200: jsonContent(DeadLetterDetailJson, "The letter"), ...problemResponses(400, 401, 403, 404) },
});

const replayRoute = createRoute({
  method: "post",
  path: "/v1/admin/dead-letters/{id}/replay",
  operationId: "replayDeadLetter",
  summary: "Put the message back into its queue",
  description:
    "Asked again, it answers with the letter and sends nothing. A message that dies again makes its letter dead again.",
  tags,
  security,
  request: { params },
  responses: { 200: jsonContent(DeadLetterJson, "Sent back"), ...problemResponses(400, 401, 403, 404, 409, 503) },
});

const discardRoute = createRoute({
  method: "post",
  path: "/v1/admin/dead-letters/{id}/discard",
  operationId: "discardDeadLetter",
  summary: "Close the letter without a replay",
  tags,
  security,
  request: { params },
  responses: { 200: jsonContent(DeadLetterJson, "Discarded"), ...problemResponses(400, 401, 403, 404, 409) },
});

function timeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}

function letterJson(row: DeadLetterRow): z.infer<typeof DeadLetterJson> {
  return {
    id: row.id,
    queue: row.queue,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    deaths: row.deaths,
    received_at: isoTime(row.receivedAtMs),
    died_at: isoTime(row.diedAtMs),
    replayed_at: timeOrNull(row.replayedAtMs),
    discarded_at: timeOrNull(row.discardedAtMs),
  };
}

/** @throws ProblemError for a letter that cannot be settled so. */
function settled(result: Result<DeadLetterRow, SettleError>): DeadLetterRow {
  if (result.ok) return result.value;
  throw settleProblem(result.error);
}

function settleProblem(error: SettleError): ProblemError {
  switch (error.code) {
    case "letter_unknown":
      return notFound("dead letter");
    case "letter_discarded":
      return conflict("dead_letter_discarded", "It was discarded; the events it announced are still in their log.");
    case "letter_replayed":
      return conflict("dead_letter_replayed", "It was sent back to its queue. It can be discarded when it dies again.");
    case "queue_unknown":
      return conflict("queue_unknown", `There is no queue ${error.queue} any more; discard the letter.`);
    case "queue_unavailable":
      return new ProblemError({
        status: 503,
        code: "queue_unavailable",
        detail: `The queue ${error.queue} cannot be reached now; the letter is still dead.`,
        headers: { "retry-after": "5" },
      });
  }
}

function conflict(code: string, detail: string): ProblemError {
  return new ProblemError({ status: 409, code, detail });
}

function dependenciesOf(env: Env): SettleDependencies {
  return { database: env.DATABASE, queueOf: (name) => queueOf(env, name), now: () => systemClock.now() };
}

/** The letter after it was settled, which is noted. @throws ProblemError */
async function settle(c: ServiceContext<Env>, id: string, how: typeof replayLetter): Promise<z.infer<typeof DeadLetterJson>> {
  const before = await findDeadLetter(c.env.DATABASE, id);
  if (before === undefined) throw notFound("dead letter");
  const after = letterJson(settled(await how(dependenciesOf(c.env), id)));
  noteDifference(c, letterJson(before), after);
  return after;
}

export function deadLetterRoutes() {
  const app = createServiceApp<Env>("dead-letters");
  describeService(app, "dead-letters", { database: (env) => env.DATABASE.prepare("SELECT 1").first() });

  app.openapi(listRoute, async (c) => {
    requireOperator(c.var.principal, "queues:read");
    const { queue, state, cursor, limit } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(DeadLetterId, cursor);
    const rows = await listDeadLetters(c.env.DATABASE, { queue, state, beforeId, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
    return c.json({ items: page.map(letterJson), next_cursor: nextCursor }, 200);
  });

  app.openapi(readRoute, async (c) => {
    requireOperator(c.var.principal, "queues:read");
    const { id } = c.req.valid("param");
    const row = await findDeadLetter(c.env.DATABASE, id);
    if (row === undefined) throw notFound("dead letter");
    const history = (await listDeaths(c.env.DATABASE, id)).map((death) => ({
      died_at: isoTime(death.diedAtMs),
      reason: death.reason,
      attempts: death.attempts,
    }));
    return c.json({ ...letterJson(row), body: JSON.parse(row.body), history }, 200);
  });

  app.openapi(replayRoute, async (c) => {
    requireOperator(c.var.principal, "queues:write");
    const { id } = c.req.valid("param");
    return c.json(await settle(c, id, replayLetter), 200);
  });

  app.openapi(discardRoute, async (c) => {
    requireOperator(c.var.principal, "queues:write");
    const { id } = c.req.valid("param");
    return c.json(await settle(c, id, discardLetter), 200);
  });

  return app;
}
