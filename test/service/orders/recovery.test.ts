/** Point-in-time recovery of a partition's object, as far as it goes without a platform that keeps history. */
import { describe, expect, it } from "vitest";
import { app } from "../../../workers/orders/routes.ts";
import { encodePrincipal, PRINCIPAL_HEADER } from "../../../workers/shared/principal.ts";
import { CHANGE_HEADER, readChange } from "../../../workers/shared/privileged-act.ts";
import { ok } from "../../../workers/shared/result.ts";
import { type Answer, bindings, OPERATOR, request } from "./shop.ts";

const HEADERS = { [PRINCIPAL_HEADER]: encodePrincipal(OPERATOR) };

async function recover(partition: string, body: unknown): Promise<Answer> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  return await request("POST", `/v1/admin/recovery/partition/${partition}`, { as: OPERATOR, body, headers });
}

describe("the recovery of a partition", () => {
  it("says that local storage keeps no history, and knows which partitions there are", async () => {
    const to = new Date(Date.now() - 3_600_000).toISOString();
    const answers = [
      await recover("0-0", { to }),
      await recover("15-255", { to }),
      await recover("0-0", { to: "2099-01-01T00:00:00Z" }),
      await request("POST", "/v1/admin/recovery/partition/0-0", { as: OPERATOR, body: { to } }),
    ];
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      "501 recovery_unavailable",
      "404 not_found",
      "422 recovery_time_out_of_range",
      "400 idempotency_key_required",
    ]);
  });

  it("is noted with the times that it left and went to", async () => {
    const history = { planRecovery: async () => ok({ bookmark: "then", undoBookmark: "now" }), restart: async () => undefined };
    const body = JSON.stringify({ bookmark: "0".repeat(32) });
    const headers = { ...HEADERS, "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const asked = { method: "POST", headers, body };
    const standIn = { ...bindings, CHECKOUT_PARTITION: { getByName: () => history } };
    const answer = await app.request("/v1/admin/recovery/partition/0-0", asked, standIn);
    expect(await answer.json()).toEqual({ bookmark: "then", undo_bookmark: "now" });
    const noted = JSON.parse(readChange(answer.headers.get(CHANGE_HEADER)) ?? "null");
    expect(noted).toEqual({ before: { bookmark: "now" }, after: { bookmark: "then" } });
  });
});
