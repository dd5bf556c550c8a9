/** One effect per Idempotency-Key. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { shardOf } from "../../../durable-objects/idempotency-keys/contract.ts";
import type { GatewayEnv } from "../../../workers/gateway/env.ts";
import { ROUTES } from "../../../workers/gateway/routing-table.ts";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { IDEMPOTENCY_LEASE_MS, IDEMPOTENCY_RETENTION_MS } from "../../../workers/shared/idempotency.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { ADMIN, call, fresh, peer, post, problemOf, resetPeers } from "./client.ts";

const keys = (env as unknown as GatewayEnv).IDEMPOTENCY_KEYS;

afterEach(async () => {
  vi.useRealTimers();
  await resetPeers();
});

async function calls(): Promise<number> {
  return (await peer("ORDERS").received()).length;
}

describe("a repeated POST", () => {
  it("gets the first answer again, and nothing happens twice", async () => {
    const key = { "idempotency-key": fresh("replay-") };
    await peer("ORDERS").behave({ status: 201, text: '{"id":"first"}' });
    const first = await post("/v1/carts", { currency: "GBP" }, key);
    await peer("ORDERS").behave({ status: 500, text: '{"id":"second"}' });
    const second = await post("/v1/carts", { currency: "GBP" }, key);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(await second.text()).toBe(await first.text());
    expect(await calls()).toBe(1);
  });

  it("replays answers without a body and refusals that were decided", async () => {
    for (const status of [204, 404, 409]) {
      const key = { "idempotency-key": fresh("status-") };
      await peer("ORDERS").behave({ status, text: status === 204 ? "" : '{"code":"x"}' });
      const answers = [await post("/v1/carts", {}, key), await post("/v1/carts", {}, key)];
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      expect(answers[1]?.headers.get("idempotent-replayed")).toBe("true");
    }
  });

  it("with another body is 422", async () => {
    const key = { "idempotency-key": fresh("other-body-") };
    await post("/v1/carts", { currency: "GBP" }, key);
    expect(await problemOf(await post("/v1/carts", { currency: "EUR" }, key))).toEqual({
      status: 422,
      code: "idempotency_key_reused",
    });
  });

  it("is 409 with retry-after while the first is running, and then its answer", async () => {
    const key = { "idempotency-key": fresh("in-flight-") };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post("/v1/carts", { n: 1 }, key)));
    expect(await calls()).toBe(1);
    for (const answer of answers.filter((each) => each.status !== 200)) {
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(await problemOf(answer)).toEqual({ status: 409, code: "idempotency_key_in_flight" });
    }
    expect((await post("/v1/carts", { n: 1 }, key)).headers.get("idempotent-replayed")).toBe("true");
  });

  it.each([500, 503, 422, 400, 429, 401])("runs again after %i, because nothing was carried out", async (status) => {
    const key = { "idempotency-key": fresh("again-") };
    await peer("ORDERS").behave({ status });
    await post("/v1/carts", {}, key);
    await peer("ORDERS").behave({ status: 201 });
    const second = await post("/v1/carts", { better: true }, key);
    expect(second.status).toBe(201);
    expect(second.headers.has("idempotent-replayed")).toBe(false);
  });

  it("runs again after a broken transport", async () => {
    const key = { "idempotency-key": fresh("broken-") };
    await peer("ORDERS").behave({ mode: "throw" });
    expect((await post("/v1/carts", {}, key)).status).toBe(503);
    await peer("ORDERS").behave({ mode: "echo" });
    expect((await post("/v1/carts", {}, key)).status).toBe(200);
  });

  it("is carried out once even when the answer is too large to keep", async () => {
    const key = { "idempotency-key": fresh("large-") };
    await peer("ORDERS").behave({ text: JSON.stringify("x".repeat(70_000)) });
    expect((await (await post("/v1/carts", {}, key)).text()).length).toBe(70_002);
    expect(await problemOf(await post("/v1/carts", {}, key))).toEqual({ status: 409, code: "idempotent_answer_not_kept" });
    expect(await calls()).toBe(1);
  });
});

/** Every path that the table gives to this protocol, so that a new one is covered by being there. */
const KEYED_PATHS = ROUTES.filter(({ idempotency, service }) => idempotency === "gateway" && service !== "DOCS").map(({ path }) =>
  path.replaceAll("*", "x"),
);

describe("every route whose keys are kept here", () => {
  it.each(KEYED_PATHS)("POST %s has one effect a key: the first answer again, and no other body", async (path) => {
    const key = { "idempotency-key": fresh("matrix-"), ...ADMIN };
    const first = await post(`${path}/matrix`, { n: 1 }, key);
    const second = await post(`${path}/matrix`, { n: 1 }, key);
    expect([first.status, second.status, second.headers.get("idempotent-replayed")]).toEqual([200, 200, "true"]);
    expect(await second.text()).toBe(await first.text());
    expect(await problemOf(await post(`${path}/matrix`, { n: 2 }, key))).toEqual({ status: 422, code: "idempotency_key_reused" });
  });
});

describe("keys", () => {
  it("of two principals, two paths or two queries never meet", async () => {
    const key = fresh("shared-");
    const cartToken = await issueCapabilityToken(TEST_SECRETS.CAPABILITY_SECRET, newId("cart", Date.now()));
    await post("/v1/carts", {}, { "idempotency-key": key });
    await post("/v1/carts", {}, { "idempotency-key": key, ...ADMIN });
    await post("/v1/carts", {}, { "idempotency-key": key, "cart-token": cartToken });
    await post("/v1/carts", {}, { "idempotency-key": key, "cf-connecting-ip": "203.0.113.9" });
    await post("/v1/carts/other", {}, { "idempotency-key": key });
    await post("/v1/carts?a=1", {}, { "idempotency-key": key });
    expect(await calls()).toBe(6);
  });

  it.each(["", "with space", "é", "x".repeat(256)])("%j is malformed", async (key) => {
    const response = await post("/v1/carts", {}, { "idempotency-key": key });
    expect(await problemOf(response)).toEqual({ status: 400, code: "invalid_idempotency_key" });
  });

  it("matter for POST only, and checkout's stay with the checkout", async () => {
    const key = { "idempotency-key": fresh("elsewhere-") };
    for (let round = 0; round < 2; round++) {
      await post("/v1/carts/c/checkout", {}, key);
      await call("/v1/carts/c", { method: "PATCH", body: "{}", headers: { "content-type": "application/json", ...key } });
    }
    expect(await calls()).toBe(4);
    expect((await peer("ORDERS").received())[0]?.headers["idempotency-key"]).toBe(key["idempotency-key"]);
  });
});

describe("the objects that keep keys", () => {
  const id = (n: number) => n.toString(16).padStart(64, "0");
  const answer = { status: 201, body: "sealed", contentType: "application/json" };

  it("give a key whose request died to the next attempt after its lease, and ignore the late one", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const stub = keys.getByName(shardOf(id(1)));
    expect((await stub.begin(id(1), "attempt-1", "body")).kind).toBe("run");
    expect((await stub.begin(id(1), "attempt-1", "body")).kind).toBe("run");
    expect((await stub.begin(id(1), "attempt-2", "body")).kind).toBe("in_flight");
    vi.setSystemTime(Date.now() + IDEMPOTENCY_LEASE_MS);
    expect((await stub.begin(id(1), "attempt-2", "body")).kind).toBe("run");
    await stub.complete(id(1), "attempt-1", { ...answer, body: "late" });
    await stub.abandon(id(1), "attempt-1");
    expect((await stub.begin(id(1), "attempt-3", "body")).kind).toBe("in_flight");
    await stub.complete(id(1), "attempt-2", answer);
    await stub.abandon(id(1), "attempt-2");
    expect(await stub.begin(id(1), "attempt-3", "body")).toEqual({ kind: "replay", answer });
  });

  it("forget a key after a day, by alarm, and keep younger ones", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const stub = keys.getByName("tidied");
    await stub.begin(id(2), "attempt", "body");
    vi.setSystemTime(Date.now() + 1_000);
    await stub.begin(id(3), "attempt", "body");
    vi.setSystemTime(Date.now() + IDEMPOTENCY_RETENTION_MS - 1_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const left = await runInDurableObject(stub, async (_, state) => ({
      ids: state.storage.sql
        .exec("SELECT id FROM keys")
        .toArray()
        .map((row) => row["id"]),
      alarm: await state.storage.getAlarm(),
    }));
    expect(left.ids).toEqual([id(3)]);
    expect(left.alarm).not.toBeNull();
  });

  it("hold nothing that a reader of the disk could use", async () => {
    const key = fresh("canary-key-");
    await peer("ORDERS").behave({ text: '{"token":"canary-token"}' });
    await post("/v1/carts", { password: "canary-password" }, { "idempotency-key": key });
    const dumps = await Promise.all(
      Array.from({ length: 16 }, (_, shard) =>
        runInDurableObject(keys.getByName(`keys-${shard}`), (_object, state) =>
          JSON.stringify(state.storage.sql.exec("SELECT * FROM keys").toArray()),
        ),
      ),
    );
    expect(dumps.join("")).toContain("application/json");
    expect(dumps.join("")).not.toContain("canary");
  });
});
