/** Who may be a client: apps that register themselves, within bounds, and what operators make. */
import { env } from "cloudflare:workers";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import { openAuthorizationServer } from "../../../workers/identity/oauth/authorization-server.ts";
import { mountOAuthRoutes } from "../../../workers/identity/oauth/oauth-routes.ts";
import { SELF_REGISTERED_MAX } from "../../../workers/identity/oauth/register-app.ts";
import { removeExpiredGrants, UNUSED_APP_RETENTION_MS } from "../../../workers/identity/oauth/remove-expired-grants.ts";
import * as tables from "../../../workers/identity/oauth/schema.ts";
import { createServiceApp } from "../../../workers/shared/http.ts";
import { GUEST } from "../../../workers/shared/principal.ts";
import { register } from "./client.ts";
import {
  accessOf,
  allowedApp,
  CALLBACK,
  callAs,
  DATABASE,
  ISSUER,
  operator,
  ownPages,
  postForm,
  postJson,
  publicApp,
  registerApp,
} from "./oauth-client.ts";
import { changeRole, remove, seat } from "./staff-desk.ts";

const bindings = env as unknown as Env;

afterEach(() => {
  vi.useRealTimers();
});

function at(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + ms);
}

describe("an app that registers itself", () => {
  it("is told all that was registered, and what was not known is left out", async () => {
    const metadata = {
      redirect_uris: [CALLBACK],
      client_name: "Parcel Watch",
      scope: "openid orders:read",
      logo_uri: "javascript:1",
    };
    const { status, body, headers } = await registerApp(metadata);
    expect([status, headers.get("cache-control")]).toEqual([201, "no-store"]);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^app_/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^hfs_/),
      client_secret_expires_at: 0,
      client_name: "Parcel Watch",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      scope: "orders:read",
    });
  });

  it.each([
    ["a script for an address", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["an address without TLS", { redirect_uris: ["http://app.example/cb"] }, "invalid_redirect_uri"],
    ["no addresses", { redirect_uris: [] }, "invalid_redirect_uri"],
    [
      "addresses without end",
      { redirect_uris: Array.from({ length: 5_000 }, (_, i) => `${CALLBACK}/${i}`) },
      "invalid_redirect_uri",
    ],
    ["an address twice", { redirect_uris: [CALLBACK, CALLBACK] }, "invalid_redirect_uri"],
    ["an address that is none", { redirect_uris: [{ href: CALLBACK }] }, "invalid_redirect_uri"],
    ["a name of many lines", { client_name: "a\nb" }, "invalid_client_metadata"],
    ["a name that turns letters around", { client_name: "\u202egnihtyna" }, "invalid_client_metadata"],
    ["a name without end", { client_name: "x".repeat(10_000) }, "invalid_client_metadata"],
    ["an operator's scope", { scope: "products:write" }, "invalid_client_metadata"],
    ["the shop's own credentials", { grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["tokens in the address", { response_types: ["token"] }, "invalid_client_metadata"],
    ["a key for a secret", { token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
  ])("is refused with %s", async (_, change, error) => {
    const refused = await registerApp({ redirect_uris: [CALLBACK], ...change });
    expect([refused.status, refused.body.error]).toEqual([400, error]);
  });

  it.each(["", "[]", "null", "{", '"x"', "{}"])("is refused with %j for a body", async (body) => {
    expect((await postJson("/oauth/register", body)).status).toBe(400);
  });

  it("cannot do so without end from one network", async () => {
    const from = (network: string) =>
      postJson("/oauth/register", { redirect_uris: [CALLBACK] }, { "x-holdfast-client-address": network });
    const statuses: number[] = [];
    for (let count = 0; count < 21; count++) statuses.push((await from("192.0.2.1")).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    const refused = await from("192.0.2.1");
    expect([refused.status, refused.body.error]).toEqual([429, "temporarily_unavailable"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await from("192.0.2.2")).status).toBe(201);
  });

  it("finds no room when ten thousand have, and is forgotten when nobody lets it in for a week", async () => {
    const { database } = openAuthorizationServer(bindings);
    const { app, accessToken } = await allowedApp();
    const unused = await publicApp();
    await DATABASE.prepare(
      `WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?)
       INSERT INTO oauth_clients SELECT 'app_filler' || value, 'app', 'itself', 'x', '["https://x.example"]', 'orders:read',
         'none', NULL, NULL, NULL, 0, NULL FROM n`,
    )
      .bind(SELF_REGISTERED_MAX)
      .run();
    expect((await registerApp({ redirect_uris: [CALLBACK] })).status).toBe(429);
    await removeExpiredGrants(database, Date.now());
    const left = async (id: string) => await DATABASE.prepare("SELECT id FROM oauth_clients WHERE id = ?").bind(id).first("id");
    expect([await left("app_filler1"), await left(unused.clientId)]).toEqual([null, unused.clientId]);
    await removeExpiredGrants(database, Date.now() + UNUSED_APP_RETENTION_MS + 1);
    expect([await left(unused.clientId), await left(app.clientId)]).toEqual([null, app.clientId]);
    expect(await accessOf(accessToken)).toBeNull();
  });

  it("is sent away when the shop has closed the door, which the metadata says", async () => {
    const closed = createServiceApp<Env>("identity");
    mountOAuthRoutes(closed, (opened) => ({ ...openAuthorizationServer(opened), registration: "closed" }));
    const init = {
      method: "POST",
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
      headers: { "content-type": "application/json" },
    };
    expect((await closed.request("/oauth/register", init, bindings)).status).toBe(403);
    const metadata = await closed.request("/.well-known/oauth-authorization-server", {}, bindings);
    expect(await metadata.json()).not.toHaveProperty("registration_endpoint");
  });
});

describe("a server's client", () => {
  const make = (scopes: string[], by = operator("*")) =>
    callAs(by, "POST", "/v1/admin/oauth-clients", { kind: "server", name: "Warehouse", scopes });
  const tokenOf = (client: { id: string; client_secret: string }, secret = client.client_secret, scope?: string) =>
    postForm(
      "/oauth/token",
      { grant_type: "client_credentials", ...(scope === undefined ? {} : { scope }) },
      { authorization: `Basic ${btoa(`${client.id}:${secret}`)}` },
    );

  it("acts for the shop with exactly its scopes, and gets nothing to refresh", async () => {
    const { status, body: client } = await make(["stock:read", "orders:read"]);
    expect(status).toBe(201);
    const { body } = await tokenOf(client);
    expect(body.refresh_token).toBeUndefined();
    expect(await accessOf(body.access_token)).toEqual({
      clientId: client.id,
      customerId: null,
      scopes: ["stock:read", "orders:read"],
    });
    expect((await accessOf((await tokenOf(client, undefined, "stock:read")).body.access_token))?.scopes).toEqual(["stock:read"]);
    expect((await tokenOf(client, undefined, "stock:write")).body.error).toBe("invalid_scope");
    expect((await tokenOf(client, "hfs_wrong")).body.error).toBe("invalid_client");
  });

  it("is made by an operator who has all of its scopes, and by nobody else", async () => {
    const customer = await register();
    expect((await make(["stock:read"], GUEST)).status).toBe(401);
    expect((await make(["stock:read"], ownPages(customer))).status).toBe(403);
    expect((await make(["stock:read"], operator("keys:read", "stock:read"))).status).toBe(403);
    expect((await make(["stock:read"], operator("keys:write"))).body.code).toBe("insufficient_scope");
    expect((await make(["stock:read"], operator("keys:write", "stock:read"))).status).toBe(201);
    expect((await make(["*"])).status).toBe(422);
    // It would outlive its own end by another one that it made.
    expect((await make(["keys:write"])).status).toBe(422);
    expect((await make([])).status).toBe(422);
  });

  it("gets a new secret with an overlap, or at once when the old one has leaked", async () => {
    const { body: client } = await make(["stock:read"]);
    const path = `/v1/admin/oauth-clients/${client.id}/rotate-secret`;
    expect((await callAs(operator("keys:write"), "POST", path, {})).body.code).toBe("insufficient_scope");
    const token = (await tokenOf(client)).body.access_token;
    const overlapping = await callAs(operator("*"), "POST", path, { overlap_seconds: 60 });
    const { client_secret: second } = overlapping.body;
    expect([(await tokenOf(client)).status, (await tokenOf(client, second)).status]).toEqual([200, 200]);
    expect(await accessOf(token)).not.toBeNull();
    at(61_000);
    expect([(await tokenOf(client)).status, (await tokenOf(client, second)).status]).toEqual([401, 200]);
    const leaked = await callAs(operator("*"), "POST", path, {});
    expect([(await tokenOf(client, second)).status, (await tokenOf(client, leaked.body.client_secret)).status]).toEqual([
      401, 200,
    ]);
    expect(await accessOf(token)).toBeNull();
  });

  it("is listed without its secret, and deleted with its tokens", async () => {
    const { body: client } = await make(["stock:read"]);
    const token = (await tokenOf(client)).body.access_token;
    const list = await callAs(operator("keys:read"), "GET", "/v1/admin/oauth-clients?limit=1");
    expect(list.body.items).toEqual([expect.objectContaining({ id: client.id, kind: "server", scopes: ["stock:read"] })]);
    expect(JSON.stringify(list.body)).not.toContain("secret");
    const more = await callAs(operator("keys:read"), "GET", `/v1/admin/oauth-clients?cursor=${list.body.next_cursor}`);
    expect(more.body.items.map((each: { id: string }) => each.id)).not.toContain(client.id);
    expect((await callAs(operator("keys:read"), "DELETE", `/v1/admin/oauth-clients/${client.id}`)).status).toBe(403);
    expect((await callAs(operator("keys:write"), "DELETE", `/v1/admin/oauth-clients/${client.id}`)).status).toBe(204);
    expect(await accessOf(token)).toBeNull();
    expect((await tokenOf(client)).status).toBe(401);
  });

  it("never has more than its maker has at this moment, and goes on once somebody else has taken it over", async () => {
    const maker = await seat("manager");
    const { body: client } = await make(["stock:read", "orders:read"], await maker.principal());
    const token = (await tokenOf(client)).body.access_token;
    const listed = async () => {
      const { body } = await callAs(operator("*"), "GET", "/v1/admin/oauth-clients");
      return body.items.find(({ id }: { id: string }) => id === client.id);
    };
    expect((await changeRole(maker, "analyst")).status).toBe(200);
    expect((await accessOf(token))?.scopes).toEqual(["stock:read"]);
    expect((await tokenOf(client)).body.scope).toBe("stock:read");
    expect((await tokenOf(client, undefined, "orders:read")).body.error).toBe("invalid_scope");
    const { body: emptied } = await make(["payments:read"], { ...(await maker.principal()), scopes: ["*"] });
    expect((await tokenOf(emptied)).body.error).toBe("invalid_scope");
    expect(await listed()).toMatchObject({ maker_id: maker.customerId, suspended: false });
    expect((await remove(maker)).status).toBe(204);
    expect([await accessOf(token), (await tokenOf(client)).body.error]).toEqual([null, "unauthorized_client"]);
    expect(await listed()).toMatchObject({ suspended: true });
    const rotate = `/v1/admin/oauth-clients/${client.id}/rotate-secret`;
    const { body: taken } = await callAs(operator("*"), "POST", rotate, {});
    expect((await tokenOf(client, taken.client_secret)).body.scope).toBe("stock:read orders:read");
  });

  it("cannot ask a customer, and an operator's app can", async () => {
    const body = { kind: "app", name: "The shop's own app", redirect_uris: ["com.example.app:/cb"], confidential: false };
    const { body: app } = await callAs(operator("keys:write"), "POST", "/v1/admin/oauth-clients", body);
    expect([app.client_secret, app.kind, app.registered_by]).toEqual([null, "app", "operator"]);
    const rotate = `/v1/admin/oauth-clients/${app.id}/rotate-secret`;
    expect((await callAs(operator("*"), "POST", rotate, {})).body.code).toBe("client_has_no_secret");
  });
});

describe("the documents for clients", () => {
  it("say where everything is and that only S256 is known", async () => {
    const metadata = await callAs(GUEST, "GET", "/.well-known/oauth-authorization-server");
    expect(metadata.body).toMatchObject({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/oauth/authorize`,
      token_endpoint: `${ISSUER}/oauth/token`,
      registration_endpoint: `${ISSUER}/oauth/register`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
    const resource = await callAs(GUEST, "GET", "/.well-known/oauth-protected-resource");
    expect(resource.body).toMatchObject({ resource: ISSUER, authorization_servers: [ISSUER] });
  });
});

describe("the tables", () => {
  const { oauthAccessTokens, oauthClients, oauthGrants, oauthRefreshTokens } = tables;
  it.each([oauthAccessTokens, oauthClients, oauthGrants, oauthRefreshTokens].map((table) => [getTableConfig(table)] as const))(
    "mirror the migration of $name",
    async ({ name, columns }) => {
      const rows = await DATABASE.prepare(`SELECT name, type FROM pragma_table_info('${name}') ORDER BY cid`).all();
      expect(columns.map((column) => ({ name: column.name, type: column.getSQLType().toUpperCase() }))).toEqual(rows.results);
    },
  );
});
