/** Whom an app's access token makes of its caller. */
import { afterEach, describe, expect, it } from "vitest";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { newId } from "../../../workers/shared/identifiers.ts";
import { GUEST } from "../../../workers/shared/principal.ts";
import { TEST_SECRETS } from "../../secrets.ts";
import { call, echo, peer, post, problemOf, resetPeers } from "./client.ts";

const CLIENT = "app_01h455vb4pex5vsknk084sn02q";

afterEach(resetPeers);

function sign(id: string, secret: string = TEST_SECRETS.CAPABILITY_SECRET): Promise<string> {
  return issueCapabilityToken(secret, id);
}

async function tokenFor(customerId: string | null, scopes: string[]): Promise<string> {
  const id = newId("oat", Date.now());
  await peer("IDENTITY").behave({ appAccess: { [id]: { clientId: CLIENT, customerId, scopes } } });
  return await sign(id);
}

function withBearer(bearer: string, path = "/v1/me"): Promise<Response> {
  return call(path, { headers: { authorization: `Bearer ${bearer}` } });
}

describe("an app's token", () => {
  it("acts for its customer within its scopes, and says which app it is", async () => {
    const { principal } = await echo(await withBearer(await tokenFor("cus_1", ["orders:read"])));
    expect(principal).toEqual({ ...GUEST, kind: "customer", subject: "cus_1", scopes: ["orders:read"], client: CLIENT });
  });

  it("of a server acts for the shop within its scopes", async () => {
    const { principal } = await echo(await withBearer(await tokenFor(null, ["stock:read"]), "/v1/admin/stock/A"));
    expect(principal).toEqual({ ...GUEST, kind: "operator", subject: CLIENT, scopes: ["stock:read"], client: CLIENT });
  });

  it("is asked for every time: what has ended has ended with the next call", async () => {
    const bearer = await tokenFor("cus_1", ["orders:read"]);
    expect((await withBearer(bearer)).status).toBe(200);
    await peer("IDENTITY").behave({ appAccess: {} });
    expect(await problemOf(await withBearer(bearer))).toEqual({ status: 401, code: "invalid_token" });
  });

  it.each([
    ["signed by a stranger", (id: string) => sign(id, "a stranger's secret, as long")],
    ["without its signature", async (id: string) => id],
    ["with another's signature", async (id: string) => `${id}.${(await sign(newId("oat", 1))).split(".")[1]}`],
    ["that identity does not know", () => sign(newId("oat", Date.now()))],
    ["that opens a cart", () => sign(newId("cart", Date.now()))],
    ["that is a browser's session", () => sign(newId("ses", Date.now()))],
    ["that refreshes", async () => `hfo_${"A".repeat(43)}`],
  ])("%s is 401, never silently a guest", async (_, make) => {
    const [id = ""] = (await tokenFor("cus_1", ["orders:read"])).split(".");
    expect(await problemOf(await withBearer(await make(id)))).toEqual({ status: 401, code: "invalid_token" });
  });

  it("is 503, not 401, while identity cannot be asked", async () => {
    const bearer = await tokenFor("cus_1", ["orders:read"]);
    await peer("IDENTITY").behave({ mode: "throw" });
    expect(await problemOf(await withBearer(bearer))).toEqual({ status: 503, code: "service_unavailable" });
  });

  it("opens no page of the shop, in a header or for a cookie", async () => {
    const bearer = await tokenFor("cus_1", ["orders:read"]);
    const cookie = `__Host-holdfast-session=${bearer}`;
    const page = await call("/account", { headers: { authorization: `Bearer ${bearer}`, cookie } });
    expect((await echo(page)).principal).toEqual(GUEST);
  });

  it("has idempotency keys of its own: two apps of one customer do not get each other's answers", async () => {
    const keyed = async (clientId: string) => {
      const id = newId("oat", Date.now());
      await peer("IDENTITY").behave({ appAccess: { [id]: { clientId, customerId: "cus_1", scopes: [] } } });
      const headers = { authorization: `Bearer ${await sign(id)}`, "idempotency-key": "one-key-of-two-apps" };
      return await post("/v1/me/addresses", {}, headers);
    };
    await keyed(CLIENT);
    expect((await keyed(newId("app", Date.now()))).headers.has("idempotent-replayed")).toBe(false);
    expect((await keyed(CLIENT)).headers.get("idempotent-replayed")).toBe("true");
  });
});

describe("the token endpoint", () => {
  it("gets the client's own credentials as they came, and nobody's cookies", async () => {
    const headers = { authorization: "Basic YTpi", "content-type": "application/x-www-form-urlencoded", cookie: "a=b" };
    const seen = await echo(await call("/oauth/token", { method: "POST", body: "grant_type=x", headers }));
    expect(seen).toMatchObject({ service: "identity", body: "grant_type=x", principal: GUEST });
    expect(seen.headers["authorization"]).toBe("Basic YTpi");
    expect(seen.headers["cookie"]).toBeUndefined();
  });

  it("takes small bodies only", async () => {
    const init = { method: "POST", body: "x".repeat(17_000), headers: { "content-type": "application/json" } };
    for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/register"]) expect((await call(path, init)).status).toBe(413);
  });
});
