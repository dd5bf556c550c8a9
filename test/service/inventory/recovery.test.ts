/** Point-in-time recovery of a SKU's object, as far as it goes without a platform that keeps history. */
import { describe, expect, it } from "vitest";
import { app } from "../../../workers/inventory/routes.ts";
import { encodePrincipal, PRINCIPAL_HEADER } from "../../../workers/shared/principal.ts";
import { CHANGE_HEADER, readChange } from "../../../workers/shared/privileged-act.ts";
import { ok } from "../../../workers/shared/result.ts";
import { bindings, call, fresh, OPERATOR, stocked } from "./shop.ts";

async function recover(sku: string, body: unknown, change: Partial<Parameters<typeof call>[2]> = {}) {
  const { status, body: answer } = await call("POST", `/v1/admin/recovery/sku/${sku}`, { body, key: fresh("key"), ...change });
  return [status, answer.code];
}

describe("POST /v1/admin/recovery/sku/{sku}", () => {
  it("says that local storage keeps no history, and refuses what makes no sense before", async () => {
    const sku = await stocked(3);
    const anHourAgo = { to: new Date(Date.now() - 3_600_000).toISOString() };
    expect(await recover(sku, anHourAgo)).toEqual([501, "recovery_unavailable"]);
    expect(await recover(fresh("UNKNOWN"), anHourAgo)).toEqual([404, "unknown_sku"]);
    expect(await recover(sku, { to: "2099-01-01T00:00:00Z" })).toEqual([422, "recovery_time_out_of_range"]);
    expect(await recover(sku, { to: "2020-01-01T00:00:00Z" })).toEqual([422, "recovery_time_out_of_range"]);
    for (const body of [{}, { to: "yesterday" }, { ...anHourAgo, bookmark: "b" }, { ...anHourAgo, at: 1 }])
      expect(await recover(sku, body)).toEqual([422, "invalid_body"]);
    const keyless = await call("POST", `/v1/admin/recovery/sku/${sku}`, { body: anHourAgo });
    expect([keyless.status, keyless.body.code]).toEqual([400, "idempotency_key_required"]);
    const clerk = { ...OPERATOR, scopes: ["stock:write"] };
    expect(await recover(sku, anHourAgo, { principal: clerk })).toEqual([403, "insufficient_scope"]);
  });

  it("is noted with the times that it left and went to", async () => {
    const history = { planRecovery: async () => ok({ bookmark: "then", undoBookmark: "now" }), restart: async () => undefined };
    const body = JSON.stringify({ bookmark: "0".repeat(32) });
    const principal = { [PRINCIPAL_HEADER]: encodePrincipal(OPERATOR) };
    const headers = { ...principal, "content-type": "application/json", "idempotency-key": fresh("key") };
    const standIn = { ...bindings, SKU_STOCK: { getByName: () => history } };
    const answer = await app.request(`/v1/admin/recovery/sku/${await stocked(3)}`, { method: "POST", headers, body }, standIn);
    expect(await answer.json()).toEqual({ bookmark: "then", undo_bookmark: "now" });
    const noted = JSON.parse(readChange(answer.headers.get(CHANGE_HEADER)) ?? "null");
    expect(noted).toEqual({ before: { bookmark: "now" }, after: { bookmark: "then" } });
  });
});
