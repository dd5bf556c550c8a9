/** A request as clients see it, and the refusals around it. */
import { z } from "@hono/zod-openapi";
import { isoTime } from "../shared/clock.ts";
import { notFound, type ServiceContext } from "../shared/http.ts";
import type { OpenOrder } from "../shared/privacy.ts";
import { ProblemError } from "../shared/problem.ts";
import { REQUEST_KINDS, REQUEST_STATES } from "./contract.ts";
import type { Env } from "./env.ts";
import { type RequestView, readRequest } from "./requests.ts";
import type { PrivacyRequestRow } from "./schema.ts";
import { streamArchive } from "./stream-archive.ts";

export const PRIVATE = { "cache-control": "private, no-store" } as const;

const OpenOrderJson = z.object({ order_id: z.string(), number: z.string().nullable(), status: z.string() });

export const PrivacyRequestJson = z
  .object({
    id: z.string(),
    kind: z.enum(REQUEST_KINDS),
    state: z.enum(REQUEST_STATES).openapi({
      description: "`waiting`: an order is not over yet; it goes on by itself. `expired`: the archive is gone again, ask anew.",
    }),
    phase: z.string().nullable().openapi({ description: "The service that is being asked; null when nothing is under way." }),
    done: z.int().openapi({ description: "Services that have answered." }),
    of: z.int(),
    erased: z.record(z.string(), z.int()).openapi({ description: "What was removed or blanked, by kind." }),
    open_orders: z.array(OpenOrderJson).openapi({ description: "What an erasure waits for." }),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .openapi("PrivacyRequest");

export const PersonalArchiveJson = z
  .object({
    format: z.string(),
    request_id: z.string(),
    asked_at: z.iso.datetime(),
    services: z
      .record(z.string(), z.record(z.string(), z.array(z.looseObject({}))))
      .openapi({ description: "By service and section; sections are named in words." }),
  })
  .openapi("PersonalArchive");

export function requestJson({ row, run }: RequestView): z.infer<typeof PrivacyRequestJson> {
  const isUnderWay = row.state === "running" || row.state === "waiting";
  const of = run?.of ?? 0;
  return {
    id: row.id,
    kind: row.kind,
    state: isUnderWay ? (run?.state ?? row.state) : row.state,
    phase: isUnderWay ? (run?.phase ?? null) : null,
    done: isUnderWay ? (run?.done ?? 0) : of,
    of,
    erased: isUnderWay ? { ...run?.erased } : { ...row.erased },
    open_orders: isUnderWay ? (run?.open ?? []).map(openOrderJson) : [],
    created_at: isoTime(row.createdAtMs),
    finished_at: row.finishedAtMs === null ? null : isoTime(row.finishedAtMs),
  };
}

function openOrderJson({ orderId, number, status }: OpenOrder) {
  return { order_id: orderId, number, status };
}

/** @throws ProblemError 409 */
export function requireNoOpenOrders(open: readonly OpenOrder[]): void {
  if (open.length === 0) return;
  throw new ProblemError({
    status: 409,
    code: "orders_open",
    detail: "Orders are not over yet: what is paid has to arrive first. Cancel them or wait, then ask again. Nothing was erased.",
    extensions: { open_orders: open.map(openOrderJson) },
  });
}

/** @throws ProblemError 404 when nobody ever asked */
export async function requestOf(c: ServiceContext<Env>, kind: PrivacyRequestRow["kind"], subject: string): Promise<RequestView> {
  const view = await readRequest(c.env, kind, subject);
  if (view === undefined) throw notFound("privacy request");
  return view;
}

/** @throws ProblemError 404, or 409 while it is not ready */
export async function archiveOf(c: ServiceContext<Env>, subject: string): Promise<Response> {
  const { row, run } = await requestOf(c, "export", subject);
  if (row.state === "expired" || (row.state === "completed" && run === null)) throw notFound("archive");
  if (row.state !== "completed") {
    throw new ProblemError({
      status: 409,
      code: "archive_not_ready",
      detail: "The archive is still being collected. Ask again in a moment.",
      headers: { "retry-after": "2" },
    });
  }
  return streamArchive(c.env, row);
}
