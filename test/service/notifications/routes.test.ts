/** The operators' resource: what was sent, how it reads, send again. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Env, OutboxWake } from "../../../queues/notifications/env.ts";
import Notifications from "../../../queues/notifications/index.ts";
import { encodePrincipal, GUEST, PRINCIPAL_HEADER, type Principal } from "../../../workers/shared/principal.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import type { FakeOrders } from "./fakes/fake-owner.ts";
import { makeOrder, PartitionLog } from "./fixtures.ts";

const bindings = env as unknown as Env & { readonly ORDERS: FakeOrders };
const OPERATOR: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };
const READER: Principal = { ...OPERATOR, scopes: ["notifications:read"] };
const subjects: string[] = [];

const testEnv: Env = {
  DATABASE: bindings.DATABASE,
  ORDERS: bindings.ORDERS,
  IDENTITY: bindings.IDENTITY,
  MAIL: {
    async send(mail: { subject: string }) {
      subjects.push(mail.subject);
      return { messageId: "<1@mail>" };
    },
  } as unknown as SendEmail,
  OUTBOX: { async send() {} } as unknown as Queue<OutboxWake>,
  DEAD_LETTERS: bindings.DEAD_LETTERS,
};

async function call(path: string, principal: Principal = OPERATOR, method = "GET") {
  const context = createExecutionContext();
  const headers = { [PRINCIPAL_HEADER]: encodePrincipal(principal) };
  const response = await new Notifications(context, testEnv).fetch(new Request(`https://gateway${path}`, { method, headers }));
  await waitOnExecutionContext(context);
  const body: {
    items: Item[];
    next_cursor: string | null;
    code?: string;
    preview: { html: string; text: string } | null;
  } & Item = await response.json();
  return { status: response.status, body };
}

interface Item {
  readonly id: string;
  readonly order_id: string;
  readonly status: string;
  readonly to: string;
  readonly sent_at: string | null;
}

const orders = [makeOrder({ email: "ada@example.com" }), makeOrder({ email: "" }), makeOrder({ email: "grace@example.com" })];

describe("GET /v1/admin/notifications", () => {
  beforeEach(async () => {
    subjects.length = 0;
    await bindings.ORDERS.reset();
    for (const table of ["follower_cursors", "notifications", "outbox_alarm"])
      await bindings.DATABASE.exec(`DELETE FROM ${table}`);
    const log = new PartitionLog("0-1");
    for (const order of orders) {
      log.placed(order);
      await bindings.ORDERS.addOrder(order);
    }
    await bindings.ORDERS.addEvents(log.events);
    await new Notifications(createExecutionContext(), testEnv).catchUp(newContext());
  });

  it("says what was sent, to whom, by which channel, with status, by order and by status, a page at a time", async () => {
    const ofAda = await call(`/v1/admin/notifications?order_id=${orders[0]?.id}`, READER);
    expect(ofAda.body).toMatchObject({
      items: [
        {
          order_id: orders[0]?.id,
          template: "order_confirmation",
          channel: "email",
          to: "ada@example.com",
          subject: "Your order 20261121-0-0-1 at Holdfast Demo Shop",
          status: "sent",
          sent_at: expect.stringMatching(/Z$/),
          error: null,
        },
      ],
      next_cursor: null,
    });
    expect((await call("/v1/admin/notifications?status=skipped")).body.items).toMatchObject([
      { to: null, error: "no_recipient" },
    ]);
    const first = await call("/v1/admin/notifications?limit=2");
    const second = await call(`/v1/admin/notifications?limit=2&cursor=${first.body.next_cursor}`);
    const all = [...first.body.items, ...second.body.items].map((item) => item.order_id);
    expect(new Set(all)).toEqual(new Set(orders.map((order) => order.id)));
    expect(second.body.next_cursor).toBeNull();
  });

  it("shows how a mail reads without handing the shopper's token to the operator", async () => {
    const { body } = await call(`/v1/admin/notifications?order_id=${orders[0]?.id}`);
    const one = await call(`/v1/admin/notifications/${body.items[0]?.id}`, READER);
    expect(one.status).toBe(200);
    expect(one.body.preview?.html).toContain("Enamel mug");
    expect(JSON.stringify(one.body)).not.toContain("token=");
  });

  it("sends a finished one again, and refuses what waits already", async () => {
    const { body } = await call(`/v1/admin/notifications?order_id=${orders[0]?.id}`);
    const path = `/v1/admin/notifications/${body.items[0]?.id}`;
    subjects.length = 0;
    expect((await call(`${path}/resend`, READER, "POST")).status).toBe(403);
    expect((await call(`${path}/resend`, OPERATOR, "POST")).body).toMatchObject({ status: "queued", sent_at: null });
    expect(subjects).toHaveLength(1);
    expect((await call(path)).body).toMatchObject({ status: "sent" });
    await bindings.DATABASE.exec("UPDATE notifications SET status = 'queued', sent_at_ms = NULL");
    const waiting = await call(`${path}/resend`, OPERATOR, "POST");
    expect([waiting.status, waiting.body.code]).toEqual([409, "notification_queued"]);
  });

  it.each([
    ["/v1/admin/notifications?order_id=1", 400, "invalid_request"],
    ["/v1/admin/notifications?status=lost", 400, "invalid_request"],
    ["/v1/admin/notifications?limit=0", 400, "invalid_request"],
    ["/v1/admin/notifications?cursor=%00", 400, "invalid_cursor"],
    ["/v1/admin/notifications/ntf_1", 400, "invalid_request"],
    ["/v1/admin/notifications/ntf_01h455vb4pex5vsknk084sn02q", 404, "not_found"],
  ])("answers %s with %i %s", async (path, status, code) => {
    const answer = await call(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it("is closed to guests, customers and operators without the scope", async () => {
    for (const [principal, status] of [
      [{ ...OPERATOR, kind: "guest" }, 401],
      [{ ...OPERATOR, kind: "customer" }, 403],
      [{ ...OPERATOR, scopes: ["orders:read"] }, 403],
    ] as const) {
      expect((await call("/v1/admin/notifications", principal as Principal)).status).toBe(status);
    }
  });
});
