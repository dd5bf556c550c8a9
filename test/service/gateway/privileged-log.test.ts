/** What the gateway writes down of privileged acts, whichever service they are for; and what it never writes. */
import { afterEach, describe, expect, it } from "vitest";
import { newApiKey } from "../../../workers/shared/api-key.ts";
import { sha256Hex } from "../../../workers/shared/idempotency.ts";
import { CHANGE_HEADER } from "../../../workers/shared/privileged-act.ts";
import { ADMIN, call, peer, post, problemOf, resetPeers } from "./client.ts";

afterEach(resetPeers);

const recorded = () => peer("IDENTITY").recorded();
const REFUND = "/v1/admin/orders/ord_1/refunds";

describe("a privileged act", () => {
  it("is written down before it is handed on, and its outcome after", async () => {
    const change = encodeURIComponent(JSON.stringify({ before: { status: "placed" }, after: { status: "cancelled" } }));
    await peer("ORDERS").behave({ headers: { [CHANGE_HEADER]: change } });
    const response = await post(REFUND, { amount_minor: 500, restock: true, note: "for Ada" }, ADMIN);
    expect(response.headers.has(CHANGE_HEADER)).toBe(false);
    const [entry, ...more] = await recorded();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      attempt: {
        actor: { kind: "admin_key", id: null, client: null, role: null },
        method: "POST",
        path: REFUND,
        resource: "orders/ord_1",
        requestId: response.headers.get("x-request-id"),
        network: "127.0.0.1",
        asked: JSON.stringify({ amount_minor: 500, restock: true, note: "[private]" }),
      },
      outcome: { status: 200, code: null, change: decodeURIComponent(change) },
    });
  });

  it("by a key names the key, also when its scopes do not suffice", async () => {
    const key = newApiKey();
    await peer("IDENTITY").behave({ keys: { [await sha256Hex(key)]: { keyId: "key_1", scopes: [] } } });
    const headers = { "content-type": "application/problem+json" };
    await peer("ORDERS").behave({ status: 403, text: '{"code":"insufficient_scope"}', headers });
    await post(REFUND, {}, { authorization: `Bearer ${key}` });
    const [entry] = await recorded();
    expect(entry?.attempt.actor).toEqual({ kind: "api_key", id: "key_1", client: null, role: null });
    expect(entry?.outcome).toEqual({ status: 403, code: "insufficient_scope", change: null });
  });

  it("does not happen while it cannot be written down", async () => {
    await peer("IDENTITY").behave({ mode: "throw" });
    const response = await post(REFUND, {}, ADMIN);
    expect(await problemOf(response)).toEqual({ status: 503, code: "service_unavailable" });
    expect(await peer("ORDERS").received()).toEqual([]);
  });

  it("that breaks is written down with how it broke", async () => {
    await peer("ORDERS").behave({ mode: "throw" });
    expect((await post(REFUND, {}, ADMIN)).status).toBe(503);
    expect((await recorded()).map(({ outcome }) => outcome)).toEqual([
      { status: 503, code: "service_unavailable", change: null },
    ]);
  });

  it("is one entry when it is asked for twice with one key", async () => {
    const headers = { ...ADMIN, "idempotency-key": crypto.randomUUID() };
    for (let time = 0; time < 2; time++) expect((await post(REFUND, { amount_minor: 1 }, headers)).status).toBe(200);
    expect(await recorded()).toHaveLength(1);
  });

  it("of a stranger gets no further, and is not written down, so that nobody fills the log", async () => {
    expect(await problemOf(await post(REFUND, {}))).toEqual({ status: 401, code: "authentication_required" });
    expect(await peer("ORDERS").received()).toEqual([]);
    expect(await recorded()).toEqual([]);
  });

  it.each(["/v1/%61dmin/orders/ord_1/cancel", "/v1/x/../admin/orders/ord_1/cancel", "/v1/admin/orders/ord_1/cancel?x=1"])(
    "is written down however its path is spelled: %s",
    async (path) => {
      await post(path, {}, ADMIN);
      const entries = await recorded();
      expect(entries.map(({ attempt }) => attempt.resource)).toEqual(["orders/ord_1"]);
      expect(JSON.stringify(entries)).not.toContain("x=1");
    },
  );

  it("is none when it only reads", async () => {
    await call("/v1/admin/orders", { headers: ADMIN });
    expect(await recorded()).toEqual([]);
  });
});
