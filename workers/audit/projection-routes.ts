/** `/v1/admin/projections`: what follows the logs, how far it is behind, and rebuilding it while the shop sells. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { SOURCES_READ_MAX } from "../orders/contract.ts";
import { guarded, release } from "../shared/call-peer.ts";
import { isoTime } from "../shared/clock.ts";
import { jsonContent, notFound, problemResponses, type ServiceEnv } from "../shared/http.ts";
import { requireOperator } from "../shared/principal.ts";
import { noteChange } from "../shared/privileged-act.ts";
import { ProblemError } from "../shared/problem.ts";
import type { RebuildState } from "../shared/rebuild-projection.ts";
import { logger } from "../shared/telemetry.ts";
import type { Env } from "./env.ts";
import { type Distance, distanceOf } from "./projection-lag.ts";

const OWNERS = ["ORDERS", "PAYMENTS", "NOTIFICATIONS", "ANALYTICS"] as const;
type Owner = (typeof OWNERS)[number];

const OWNER_OF_PROJECTION = {
  orders: "ORDERS",
  ledger: "PAYMENTS",
  notifications: "NOTIFICATIONS",
  sales: "ANALYTICS",
  stock: "ANALYTICS",
} as const satisfies Readonly<Record<string, Owner>>;
const PROJECTIONS = ["orders", "ledger", "notifications", "sales", "stock"] as const;
const DEADLINE_MS = 60_000;

const RebuildJson = z
  .object({
    state: z.enum(["idle", "following", "completed"]),
    sources: z.int().openapi({ description: "Logs that the rebuild has been through." }),
    events: z.int(),
    removed: z.int().openapi({ description: "Rows that the end took away; a wrong row counts here and in `written`." }),
    written: z.int(),
    set_back: z.int().openapi({
      description: "Logs that ended before what readers had seen: their object was set back in time, the rows followed.",
    }),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
  })
  .openapi("ProjectionRebuild");

const ProjectionJson = z
  .object({
    name: z.enum(PROJECTIONS),
    applied: z.int().openapi({ description: "Events that the rows contain." }),
    lag: z.int().nullable().openapi({ description: "Events that they do not contain yet; null where counting takes too long." }),
    beyond: z.int().nullable().openapi({
      description:
        "Events that they contain and the logs do not have, because an object was set back in time: rebuild. Null as for `lag`.",
    }),
    rebuild: RebuildJson,
  })
  .openapi("Projection");

const params = z.object({ name: z.enum(PROJECTIONS) });

function allowed(scope: "audit:read" | "audit:write") {
  return createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, scope);
    await next();
  });
}

const listRoute = createRoute({
  method: "get",
  path: "/v1/admin/projections",
  operationId: "adminListProjections",
  tags: ["Admin: audit"],
  summary: "What follows the logs, and how far it is behind",
  middleware: allowed("audit:read"),
  responses: {
    200: jsonContent(
      z.object({ items: z.array(ProjectionJson), next_cursor: z.null() }).openapi("ProjectionList"),
      "Projections",
    ),
    ...problemResponses(401, 403, 503),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/admin/projections/{name}",
  operationId: "adminReadProjection",
  tags: ["Admin: audit"],
  summary: "One projection and its rebuild",
  middleware: allowed("audit:read"),
  request: { params },
  responses: { 200: jsonContent(ProjectionJson, "The projection"), ...problemResponses(400, 401, 403, 404, 503) },
});

const rebuildRoute = createRoute({
  method: "post",
  path: "/v1/admin/projections/{name}/rebuild",
  operationId: "adminRebuildProjection",
  tags: ["Admin: audit"],
  summary: "Rebuild a projection from its logs",
  description:
    "Begins a rebuild or does its next piece: post again until the answer is 200. Readers see the old rows until then, and the new ones from then on. No message is sent twice.",
  middleware: allowed("audit:write"),
  request: { params },
  responses: {
    200: jsonContent(ProjectionJson, "Rebuilt"),
    202: jsonContent(ProjectionJson, "There is more to do: post again"),
    ...problemResponses(400, 401, 403, 404, 503),
  },
});

export function addProjectionRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(listRoute, async (c) => {
    const [states, distances] = await Promise.all([readStates(c.env), readDistances(c.env)]);
    return c.json({ items: states.map((state) => projectionJson(state, distances)), next_cursor: null }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const { name } = c.req.valid("param");
    const owners = [OWNER_OF_PROJECTION[name]];
    const [states, distances] = await Promise.all([readStates(c.env, owners), readDistances(c.env, owners)]);
    const state = states.find((candidate) => candidate.name === name);
    if (state === undefined) throw notFound("projection");
    return c.json(projectionJson(state, distances), 200);
  });
  app.openapi(rebuildRoute, async (c) => {
    const { name } = c.req.valid("param");
    const owner = OWNER_OF_PROJECTION[name];
    const state = await ask(owner, () => c.env[owner].rebuildProjection(name));
    if (state === null) throw notFound("projection");
    const projection = projectionJson(state, new Map());
    noteChange(c, { after: projection.rebuild });
    return c.json(projection, state.state === "completed" ? 200 : 202);
  });
}

async function readStates(env: Env, owners: readonly Owner[] = OWNERS): Promise<readonly RebuildState[]> {
  const states = await Promise.all(owners.map((owner) => ask(owner, () => env[owner].listProjections())));
  return states.flat();
}

/** Of those who follow orders, from the ends of the order logs. Empty where counting takes too long. */
async function readDistances(env: Env, owners: readonly Owner[] = OWNERS): Promise<ReadonlyMap<Owner, Distance>> {
  const cursors = await Promise.all(
    owners.map(async (owner) => [owner, await ask(owner, () => env[owner].listCursors())] as const),
  );
  const listed = await ask("ORDERS", () => env.ORDERS.listSources());
  const sources = [...new Set([...listed, ...cursors.flatMap(([, rows]) => rows.map(({ source }) => source))])];
  if (sources.length > SOURCES_READ_MAX) return new Map();
  const ends = await ask("ORDERS", () => env.ORDERS.readLogEnds(sources));
  return new Map(cursors.map(([owner, rows]) => [owner, distanceOf(rows, ends)]));
}

/** @throws ProblemError 503 */
async function ask<T extends object | null>(owner: Owner, call: () => Promise<T>): Promise<T> {
  const service = owner.toLowerCase();
  try {
    return await guarded({ service, deadlineMs: DEADLINE_MS, retries: 1 }, async () => {
      const answer = await call();
      return answer === null ? answer : release(answer);
    });
  } catch (error) {
    logger("audit").error("projection_unavailable", error, { service });
    const detail = `${service} does not answer. Ask again: a rebuild goes on where it was.`;
    throw new ProblemError({ status: 503, code: "projection_unavailable", detail, headers: { "retry-after": "5" } });
  }
}

function projectionJson(state: RebuildState, distances: ReadonlyMap<Owner, Distance>): z.infer<typeof ProjectionJson> {
  const name = z.enum(PROJECTIONS).parse(state.name);
  // Counting the stock logs would wake every SKU.
  const distance = name === "stock" ? undefined : distances.get(OWNER_OF_PROJECTION[name]);
  const time = (ms: number | null) => (ms === null ? null : isoTime(ms));
  return {
    name,
    applied: state.applied,
    lag: distance?.lag ?? null,
    beyond: distance?.beyond ?? null,
    rebuild: {
      state: state.state,
      sources: state.sources,
      events: state.events,
      removed: state.removed,
      written: state.written,
      set_back: state.setBack,
      started_at: time(state.startedAtMs),
      finished_at: time(state.finishedAtMs),
    },
  };
}
