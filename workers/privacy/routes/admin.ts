/** What operators do for a person who writes to the shop, and the list of all requests. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import type { KnownPerson } from "../../identity/contract.ts";
import { isoTime, systemClock } from "../../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../../shared/cursor.ts";
import { jsonContent, notFound, problemResponses, type ServiceContext, type ServiceEnv } from "../../shared/http.ts";
import { idSchema } from "../../shared/identifiers.ts";
import { requireOperator } from "../../shared/principal.ts";
import { noteChange } from "../../shared/privileged-act.ts";
import { ProblemError } from "../../shared/problem.ts";
import { covers, scopesOf } from "../../shared/staff-roles.ts";
import { ASKED_BY, REQUEST_KINDS, REQUEST_STATES, type RequestKind } from "../contract.ts";
import type { Env } from "../env.ts";
import { askIdentity } from "../peers.ts";
import {
  archiveOf,
  PersonalArchiveJson,
  PRIVATE,
  PrivacyRequestJson,
  requestJson,
  requestOf,
  requireNoOpenOrders,
} from "../request-json.ts";
import { findRequest, listRequests, type NewRequest, openRequest, readRequest, requestAboutOrder } from "../requests.ts";
import type { PrivacyRequestRow } from "../schema.ts";
import { openOrdersOf } from "./me.ts";

const tags = ["Admin: privacy"];
const security = [{ bearer: [] }];
const CustomerId = idSchema("cus");
const OrderId = idSchema("ord");
const params = z.object({ id: CustomerId });
const RequestId = idSchema("prv");

function allowed(scope: "customers:read" | "customers:write") {
  return createMiddleware<ServiceEnv<Env>>(async (c, next) => {
    requireOperator(c.var.principal, scope);
    await next();
  });
}

const write = { tags, security, middleware: allowed("customers:write"), request: { params } } as const;
const read = { tags, security, middleware: allowed("customers:read"), request: { params } } as const;
const started = jsonContent(PrivacyRequestJson, "It has begun");
const newest = jsonContent(PrivacyRequestJson, "The newest request");

const startExport = createRoute({
  ...write,
  method: "post",
  path: "/v1/admin/customers/{id}/export",
  operationId: "adminExportCustomer",
  summary: "Collect everything that the shop knows about a customer",
  responses: { 202: started, ...problemResponses(400, 401, 403, 404, 503) },
});

const readExport = createRoute({
  ...read,
  method: "get",
  path: "/v1/admin/customers/{id}/export",
  operationId: "adminReadCustomerExport",
  summary: "How far the collecting is",
  responses: { 200: newest, ...problemResponses(400, 401, 403, 404, 503) },
});

const readArchive = createRoute({
  ...write,
  method: "get",
  path: "/v1/admin/customers/{id}/export/archive",
  operationId: "adminDownloadCustomerData",
  summary: "Download a customer's data, to hand it to them",
  responses: { 200: jsonContent(PersonalArchiveJson, "One document"), ...problemResponses(400, 401, 403, 404, 409, 503) },
});

const startErasure = createRoute({
  ...write,
  method: "post",
  path: "/v1/admin/customers/{id}/erasure",
  operationId: "adminEraseCustomer",
  summary: "Close a customer's account and erase their data",
  description: "Refused while an order is not over. Repeat it after a database was restored: erasing is idempotent.",
  responses: { 202: started, ...problemResponses(400, 401, 403, 404, 409, 503) },
});

const readErasure = createRoute({
  ...read,
  method: "get",
  path: "/v1/admin/customers/{id}/erasure",
  operationId: "adminReadCustomerErasure",
  summary: "How far the erasure is",
  responses: { 200: newest, ...problemResponses(400, 401, 403, 404, 503) },
});

const ListedRequestJson = z
  .object({
    id: z.string(),
    kind: z.enum(REQUEST_KINDS),
    subject: z.string().openapi({ description: "A customer, an order of a guest, or a mailed link." }),
    asked_by: z.enum(ASKED_BY),
    state: z.enum(REQUEST_STATES),
    erased: z.record(z.string(), z.int()),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .openapi("ListedPrivacyRequest");

const listRoute = createRoute({
  method: "get",
  path: "/v1/admin/privacy-requests",
  operationId: "adminListPrivacyRequests",
  tags,
  security,
  summary: "Who asked for their data or its erasure, and what came of it",
  middleware: allowed("customers:read"),
  request: {
    query: z.strictObject({
      kind: z.enum(REQUEST_KINDS).optional(),
      state: z.enum(REQUEST_STATES).optional(),
      subject: z.string().max(64).optional(),
      cursor: z.string().max(200).optional(),
      limit: PageLimit,
    }),
  },
  responses: {
    200: jsonContent(z.object({ items: z.array(ListedRequestJson), next_cursor: z.string().nullable() }), "Newest first"),
    ...problemResponses(400, 401, 403),
  },
});

const repeatRoute = createRoute({
  method: "post",
  path: "/v1/admin/privacy-requests/{id}/repeat",
  operationId: "adminRepeatErasure",
  tags,
  security,
  summary: "Erase once more what a recorded erasure was about",
  description:
    "After a database was restored: by the request's id alone, also a guest's order, whose token is not needed. It is a request of " +
    "its own; erasing is idempotent. Whom a mailed link was about is not kept, so such a request cannot be repeated.",
  middleware: allowed("customers:write"),
  request: { params: z.object({ id: RequestId }) },
  responses: { 202: started, ...problemResponses(400, 401, 403, 404, 409, 503) },
});

export function mountAdminRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(startExport, async (c) => c.json(await start(c, "export", c.req.valid("param").id), 202, PRIVATE));
  app.openapi(startErasure, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await eraseCustomer(c, id), 202, PRIVATE);
  });
  app.openapi(repeatRoute, async (c) => {
    const recorded = await findRequest(c.env.DATABASE, c.req.valid("param").id);
    if (recorded === undefined) throw notFound("privacy request");
    return c.json(await repeat(c, recorded), 202, PRIVATE);
  });
  app.openapi(readExport, async (c) => c.json(requestJson(await requestOf(c, "export", c.req.valid("param").id)), 200, PRIVATE));
  app.openapi(readErasure, async (c) =>
    c.json(requestJson(await requestOf(c, "erasure", c.req.valid("param").id)), 200, PRIVATE),
  );
  app.openapi(readArchive, async (c) => (await archiveOf(c, c.req.valid("param").id)) as never);
  app.openapi(listRoute, async (c) => {
    const { kind, state, subject, cursor, limit } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(RequestId, cursor);
    const rows = await listRequests(c.env.DATABASE, { kind, state, subject, beforeId, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
    return c.json({ items: page.map(listedJson), next_cursor: nextCursor }, 200, PRIVATE);
  });
}

/** @throws ProblemError 409 for what names nobody any more, and for what was no erasure */
async function repeat(c: ServiceContext<Env>, { kind, subject }: PrivacyRequestRow) {
  if (kind === "erasure" && CustomerId.safeParse(subject).success) return await eraseCustomer(c, subject);
  if (kind === "erasure" && OrderId.safeParse(subject).success)
    return await open(c, requestAboutOrder(kind, subject, "operator"));
  const detail = "Only the erasure of a customer or of a guest's order can be repeated. Whom a mailed link named is not kept.";
  throw new ProblemError({ status: 409, code: "not_repeatable", detail });
}

async function eraseCustomer(c: ServiceContext<Env>, customerId: string) {
  await requireToCover(c, customerId);
  return await start(c, "erasure", customerId);
}

/** Whoever is of the staff is erased only by somebody who may do as much: it would else be a way to be rid of the owner. */
async function requireToCover(c: ServiceContext<Env>, customerId: string): Promise<void> {
  const role = await askIdentity(() => c.env.IDENTITY.staffRole(customerId));
  if (role === null || covers(c.var.principal.scopes, scopesOf(role))) return;
  const detail = "This is an account of the staff. Only somebody who may do as much erases it.";
  throw new ProblemError({ status: 403, code: "beyond_own_scopes", detail });
}

async function start(c: ServiceContext<Env>, kind: RequestKind, customerId: string) {
  const known = await askIdentity(() => c.env.IDENTITY.describePerson(customerId));
  const person = known ?? (await forgottenPerson(c, kind, customerId));
  if (kind === "erasure") requireNoOpenOrders(await openOrdersOf(c, person));
  return await open(c, { kind, subject: customerId, askedBy: "operator", person, orderIds: [] });
}

async function open(c: ServiceContext<Env>, request: NewRequest) {
  const view = await openRequest(c.env, request, systemClock.now(), c.var.context);
  noteChange(c, { after: { request_id: view.row.id, state: view.row.state } });
  return requestJson(view);
}

/** Erased before: another service may know them again after a restore, and its part is done once more by the id alone. */
async function forgottenPerson(c: ServiceContext<Env>, kind: RequestKind, customerId: string): Promise<KnownPerson> {
  const erased = kind === "erasure" ? await readRequest(c.env, "erasure", customerId) : undefined;
  if (erased === undefined) throw notFound("customer");
  return { customerId, emails: [], messageIds: [] };
}

function listedJson(row: PrivacyRequestRow): z.infer<typeof ListedRequestJson> {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    asked_by: row.askedBy,
    state: row.state,
    erased: { ...row.erased },
    created_at: isoTime(row.createdAtMs),
    finished_at: row.finishedAtMs === null ? null : isoTime(row.finishedAtMs),
  };
}
