/** `/v1/admin/staff`: invite, list, change roles, remove; and the way in for whoever was invited. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isoTime, systemClock } from "../shared/clock.ts";
import { decodeCursor, encodeCursor, PageLimit } from "../shared/cursor.ts";
import { jsonBody, jsonContent, notFound, problemResponses, type ServiceContext, type ServiceEnv } from "../shared/http.ts";
import { idSchema, newId } from "../shared/identifiers.ts";
import { noteChange } from "../shared/privileged-act.ts";
import { STAFF_ROLES, scopesOf } from "../shared/staff-roles.ts";
import { acceptInvitation, joiningAct } from "./accept-invitation.ts";
import { tellOrders } from "./confirm-email.ts";
import { type Env, openStore } from "./env.ts";
import { refusal } from "./errors.ts";
import { changeRole, inviteStaff, listStaff, readStaff, removeStaff, type StaffMember } from "./manage-staff.ts";
import { operatorRefusal } from "./operator-errors.ts";
import { operatorOnly } from "./operator-only.ts";
import { privilegedLog } from "./privileged-log.ts";
import { CustomerName, Email, LinkToken, NewPassword, PRIVATE } from "./representations.ts";
import { networkOf } from "./signed-in.ts";

const tags = ["Staff"];
const security = [{ bearer: [] }];
const StaffId = idSchema("stf");
const params = z.strictObject({ id: StaffId });
const Role = z.enum(STAFF_ROLES).openapi("StaffRole");

const StaffJson = z
  .strictObject({
    id: StaffId,
    customer_id: idSchema("cus").nullable().openapi({ description: "The account; null while invited." }),
    email: z.string(),
    name: z.string().nullable(),
    role: Role,
    scopes: z.array(z.string()).openapi({ description: "What the role may do; `*` is everything." }),
    status: z.enum(["invited", "active"]),
    invitation_expires_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi("StaffMember");

function staffJson({ member, account }: StaffMember): z.infer<typeof StaffJson> {
  return {
    id: member.id,
    customer_id: member.customerId,
    email: account?.email ?? member.email ?? "",
    name: account?.name ?? null,
    role: member.role,
    scopes: [...scopesOf(member.role)],
    status: member.customerId === null ? "invited" : "active",
    invitation_expires_at: member.customerId === null ? isoTime(member.expiresAtMs) : null,
    created_at: isoTime(member.createdAtMs),
  };
}

const list = createRoute({
  method: "get",
  middleware: operatorOnly("staff:read"),
  path: "/v1/admin/staff",
  operationId: "listStaff",
  tags,
  summary: "Members of the staff and open invitations, newest first",
  security,
  request: { query: z.strictObject({ limit: PageLimit, cursor: z.string().max(200).optional() }) },
  responses: {
    200: jsonContent(z.strictObject({ items: z.array(StaffJson), next_cursor: z.string().nullable() }), "A page of the staff"),
    ...problemResponses(400, 401, 403),
  },
});

const invite = createRoute({
  method: "post",
  middleware: operatorOnly("staff:write"),
  path: "/v1/admin/staff",
  operationId: "inviteStaff",
  tags,
  summary: "Invite somebody to the staff by mail",
  description:
    "The link of the mail works for three days, once. Inviting an address again replaces the invitation. Nobody grants a role " +
    "that may do more than they may themselves.",
  security,
  request: { body: jsonBody(z.strictObject({ email: Email, role: Role })) },
  responses: { 201: jsonContent(StaffJson, "Invited"), ...problemResponses(400, 401, 403, 409, 422) },
});

const change = createRoute({
  method: "patch",
  middleware: operatorOnly("staff:write"),
  path: "/v1/admin/staff/{id}",
  operationId: "changeStaffRole",
  tags,
  summary: "Change a role",
  description: "In force with the member's next call, and that of every key they made. The last owner stays one.",
  security,
  request: { params, body: jsonBody(z.strictObject({ role: Role })) },
  responses: { 200: jsonContent(StaffJson, "As changed"), ...problemResponses(400, 401, 403, 404, 409, 422) },
});

const remove = createRoute({
  method: "delete",
  middleware: operatorOnly("staff:write"),
  path: "/v1/admin/staff/{id}",
  operationId: "removeStaff",
  tags,
  summary: "Take somebody off the staff, or withdraw an invitation",
  description:
    "In force with the next call. The account stays, as a customer's; keys that the member made open nothing until somebody " +
    "rotates them.",
  security,
  request: { params },
  responses: { 204: { description: "Removed" }, ...problemResponses(400, 401, 403, 404, 409) },
});

const accept = createRoute({
  method: "post",
  path: "/v1/auth/accept-invitation",
  operationId: "acceptStaffInvitation",
  tags: ["auth"],
  summary: "Join the staff with the link of the mail",
  description:
    "An address without a confirmed account gets one with this password. A confirmed account joins with its own password, " +
    "which stays. Then sign in as always.",
  request: {
    body: jsonBody(z.strictObject({ token: LinkToken, password: NewPassword, name: CustomerName.optional() })),
  },
  responses: {
    200: jsonContent(z.strictObject({ role: Role }).openapi("StaffAcceptance"), "Of the staff"),
    ...problemResponses(400, 403, 410, 422, 429, 503),
  },
});

async function requireMember(c: ServiceContext<Env>, id: string): Promise<StaffMember> {
  const member = await readStaff(openStore(c.env).database, id);
  if (member === undefined) throw notFound("member of the staff");
  return member;
}

export function mountStaffRoutes(app: OpenAPIHono<ServiceEnv<Env>>): void {
  app.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const beforeId = cursor === undefined ? undefined : decodeCursor(StaffId, cursor);
    const found = await listStaff(openStore(c.env).database, { limit: limit + 1, beforeId });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last !== undefined ? encodeCursor(last.member.id) : null;
    return c.json({ items: page.map(staffJson), next_cursor }, 200, PRIVATE);
  });
  app.openapi(invite, async (c) => {
    const invited = await inviteStaff(openStore(c.env), c.var.principal, c.req.valid("json"), systemClock.now());
    if (!invited.ok) throw operatorRefusal(invited.error);
    const { id, role } = invited.value.member;
    noteChange(c, { resource: `staff/${id}`, after: { role, status: "invited" } });
    return c.json(staffJson(invited.value), 201, PRIVATE);
  });
  app.openapi(change, async (c) => {
    const member = await requireMember(c, c.req.valid("param").id);
    const { role } = c.req.valid("json");
    const changed = await changeRole(openStore(c.env).database, c.var.principal, member, role, systemClock.now());
    if (!changed.ok) throw operatorRefusal(changed.error);
    noteChange(c, { before: { role: member.member.role }, after: { role: changed.value.member.role } });
    return c.json(staffJson(changed.value), 200, PRIVATE);
  });
  app.openapi(remove, async (c) => {
    const member = await requireMember(c, c.req.valid("param").id);
    const removed = await removeStaff(openStore(c.env).database, c.var.principal, member);
    if (!removed.ok) throw operatorRefusal(removed.error);
    const { role, customerId } = member.member;
    noteChange(c, { before: { role, customer_id: customerId }, after: null });
    return c.body(null, 204);
  });
  app.openapi(accept, async (c) => {
    const nowMs = systemClock.now();
    const { token, password, name } = c.req.valid("json");
    const store = openStore(c.env);
    const call = { id: newId("log", nowMs), requestId: c.var.context.requestId, network: networkOf(c) };
    const accepted = await acceptInvitation(
      store,
      { token, password, name: name ?? null },
      (member, customerId) => privilegedLog(c.env).recordAttempt(joiningAct(member, customerId, call)),
      nowMs,
    );
    if (!accepted.ok) throw refusal(accepted.error);
    const { customerId, member } = accepted.value;
    const change = JSON.stringify({ after: { role: member.role, status: "active" } });
    await privilegedLog(c.env).recordOutcome(call.id, { status: 200, code: null, change });
    c.executionCtx.waitUntil(tellOrders(store, nowMs, customerId));
    return c.json({ role: member.role }, 200, PRIVATE);
  });
}
