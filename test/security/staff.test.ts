/** Staff and keys through the front door: what ends a right ends it with the next call, and nobody climbs. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { newApiKey } from "../../workers/shared/api-key.ts";
import { scopesOf } from "../../workers/shared/staff-roles.ts";
import { canTellApart } from "../service/identity/timing.ts";
import { type Answer, Shop } from "../system/shop.ts";
import { type Headers, signToken, withBearer } from "./scene.ts";

const attacked = inject("attacked");
const shop = new Shop(attacked);
/** The only member that these tests change; others are tried by the matrix. */
const { owner, manager } = attacked.staff;
let asOwner: Headers;
let asManager: Headers;

beforeAll(async () => {
  const bearer = ({ customerId: sub, sessionId: sid }: typeof owner) => signToken(attacked.signingKey, { sub, sid });
  [asOwner, asManager] = (await Promise.all([bearer(owner), bearer(manager)])).map(withBearer) as [Headers, Headers];
});

function setRole(role: string, headers: Headers): Promise<Answer<{ code?: string }>> {
  return shop.call("PATCH", `/v1/admin/staff/${manager.id}`, { headers, body: { role } });
}

async function statuses(headers: Headers, paths: readonly string[]): Promise<readonly number[]> {
  return await Promise.all(paths.map(async (path) => (await shop.call("GET", path, { headers })).status));
}

interface Made {
  readonly key: string;
  readonly api_key: { readonly id: string };
}

describe("a member of the staff", () => {
  it("hears from /v1/me what the role may do, and keeps an account like everybody's", async () => {
    const me = await shop.call("GET", "/v1/me", { headers: asManager });
    expect(me).toMatchObject({ status: 200, body: { staff: { role: "manager", scopes: scopesOf("manager") } } });
    expect(await statuses(asManager, ["/v1/orders", "/v1/me/addresses", "/v1/me/sessions"])).toEqual([200, 200, 200]);
  });

  it("loses with the next call what a demotion takes, by token and by key, and gets it back the same way", async () => {
    const made = await shop.call<Made>("POST", "/v1/admin/api-keys", {
      headers: asManager,
      body: { name: "ERP", scopes: ["settings:read", "stock:read"] },
    });
    const asKey = withBearer(made.body.key);
    const paths = ["/v1/admin/tax-rates", "/v1/admin/stock/REAL"];
    for (const headers of [asManager, asKey]) expect(await statuses(headers, paths)).toEqual([200, 200]);
    expect((await setRole("warehouse", asOwner)).status).toBe(200);
    for (const headers of [asManager, asKey]) expect(await statuses(headers, paths)).toEqual([403, 200]);
    expect((await setRole("owner", asManager)).body.code).toBe("insufficient_scope");
    expect((await setRole("manager", asOwner)).status).toBe(200);
    for (const headers of [asManager, asKey]) expect(await statuses(headers, paths)).toEqual([200, 200]);
    expect((await setRole("owner", asManager)).body.code).toBe("own_role");
  });

  it("erases no account of somebody who may do more (regression: the support that gets rid of the owner)", async () => {
    const { customerId: sub, sessionId: sid } = attacked.staff.support;
    const asSupport = withBearer(await signToken(attacked.signingKey, { sub, sid }));
    for (const headers of [asSupport, asManager]) {
      const refused = await shop.call<{ code: string }>("POST", `/v1/admin/customers/${owner.customerId}/erasure`, { headers });
      expect([refused.status, refused.body.code]).toEqual([403, "beyond_own_scopes"]);
    }
    expect((await shop.call("GET", "/v1/me", { headers: asOwner })).status).toBe(200);
  });

  it("opens nothing of the staff by a cookie, nor by a role in the token", async () => {
    const { customerId: sub, sessionId: sid } = attacked.staff.analyst;
    const bearer = await signToken(attacked.signingKey, { sub, sid, role: "owner", scope: "*", scopes: ["*"] });
    expect((await shop.call("GET", "/v1/admin/staff", { headers: withBearer(bearer) })).status).toBe(403);
  });
});

describe("an API key", () => {
  it("opens its scopes and nothing else, until it is revoked", async () => {
    const made = await shop.admin<Made>("POST", "/v1/admin/api-keys", { body: { name: "ERP", scopes: ["stock:read"] } });
    expect(made.status).toBe(201);
    const headers = withBearer(made.body.key);
    const paths = ["/v1/admin/stock/REAL", "/v1/admin/orders", "/v1/admin/staff", "/v1/admin/log", "/v1/me"];
    expect(await statuses(headers, paths)).toEqual([200, 403, 403, 403, 401]);
    expect((await shop.admin("DELETE", `/v1/admin/api-keys/${made.body.api_key.id}`)).status).toBe(204);
    expect(await statuses(headers, paths)).toEqual([401, 401, 401, 401, 401]);
  });

  it("that is unknown, revoked or expired takes the same time as the other (no bearer is told from another)", async () => {
    const revoked = await shop.admin<Made>("POST", "/v1/admin/api-keys", { body: { name: "old", scopes: ["stock:read"] } });
    await shop.admin("DELETE", `/v1/admin/api-keys/${revoked.body.api_key.id}`);
    const time = async (key: string) => {
      const startedAt = performance.now();
      expect((await shop.call("GET", "/v1/admin/stock/REAL", { headers: withBearer(key) })).status).toBe(401);
      return performance.now() - startedAt;
    };
    const toldApart = await canTellApart(async () => {
      const samples = { known: [] as number[], unknown: [] as number[] };
      for (let round = 0; round < 15; round++) {
        samples.known.push(await time(revoked.body.key));
        samples.unknown.push(await time(newApiKey()));
      }
      return samples;
    });
    expect(toldApart).toBe(false);
  });
});
