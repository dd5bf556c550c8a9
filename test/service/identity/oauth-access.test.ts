/** What an app's tokens open, for how long, and everything that ends them: at once, because nobody remembers that they stood. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { REUSE_GRACE_MS } from "../../../workers/identity/refresh-token.ts";
import { call, PASSWORD, refresh, register } from "./client.ts";
import {
  accessOf,
  allowedApp,
  callAs,
  DATABASE,
  ownPages,
  postForm,
  principalOf,
  publicApp,
  refreshApp,
} from "./oauth-client.ts";

afterEach(() => {
  vi.useRealTimers();
});

function at(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + ms);
}

describe("a refresh token", () => {
  it("works once, and its successor goes on", async () => {
    const { app, refreshToken } = await allowedApp();
    const second = await refreshApp(app, refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(refreshToken);
    expect((await refreshApp(app, second.body.refresh_token)).status).toBe(200);
  });

  it("whose answer was lost gives the same successor again, for a moment", async () => {
    const { app, refreshToken } = await allowedApp();
    const [one, two] = [await refreshApp(app, refreshToken), await refreshApp(app, refreshToken)];
    expect(two.body.refresh_token).toBe(one.body.refresh_token);
  });

  it("that comes again later is a copy, and ends the whole family", async () => {
    const { app, accessToken, refreshToken } = await allowedApp();
    const { body } = await refreshApp(app, refreshToken);
    at(REUSE_GRACE_MS + 1);
    const reused = await refreshApp(app, refreshToken);
    expect([reused.status, reused.body.error]).toEqual([400, "invalid_grant"]);
    expect([await accessOf(accessToken), await accessOf(body.access_token)]).toEqual([null, null]);
    expect((await refreshApp(app, body.refresh_token)).body.error).toBe("invalid_grant");
  });

  it("can narrow the access, never widen it, and narrowing is not for good", async () => {
    const { app, refreshToken } = await allowedApp();
    const narrow = await refreshApp(app, refreshToken, { scope: "orders:read" });
    expect((await accessOf(narrow.body.access_token))?.scopes).toEqual(["orders:read"]);
    const wide = await refreshApp(app, narrow.body.refresh_token, { scope: "orders:read addresses:read" });
    expect([wide.status, wide.body.error]).toEqual([400, "invalid_scope"]);
    const again = await refreshApp(app, narrow.body.refresh_token);
    expect(again.body.scope).toBe("profile:read orders:read");
  });

  it("is of no use to another client, at the shop's own sign-in, or at the API", async () => {
    const { app, refreshToken, customer } = await allowedApp();
    expect((await refreshApp(await publicApp(), refreshToken)).body.error).toBe("invalid_grant");
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refreshApp(app, customer.refresh_token)).body.error).toBe("invalid_grant");
    expect((await refreshApp(app, customer.access_token)).body.error).toBe("invalid_grant");
    expect(await accessOf(refreshToken)).toBeNull();
    expect((await refreshApp(app, refreshToken)).status).toBe(200);
  });
});

describe("access ends at once", () => {
  it("by the customer's list, for every device of the app and no other app", async () => {
    const customer = await register();
    const phone = await allowedApp(customer);
    const laptop = await allowedApp(customer, phone.app);
    const other = await allowedApp(customer);
    const mine = await callAs(ownPages(customer), "GET", "/v1/me/apps");
    expect(mine.body.items.map((each: { id: string }) => each.id).sort()).toEqual(
      [phone.app.clientId, other.app.clientId].sort(),
    );
    expect((await callAs(ownPages(customer), "DELETE", `/v1/me/apps/${phone.app.clientId}`)).status).toBe(204);
    expect([await accessOf(phone.accessToken), await accessOf(laptop.accessToken)]).toEqual([null, null]);
    expect((await refreshApp(phone.app, phone.refreshToken)).body.error).toBe("invalid_grant");
    expect(await accessOf(other.accessToken)).not.toBeNull();
    expect((await callAs(ownPages(customer), "DELETE", `/v1/me/apps/${phone.app.clientId}`)).status).toBe(404);
  });

  it("never by another customer", async () => {
    const { app, accessToken } = await allowedApp();
    const eve = await register();
    expect((await callAs(ownPages(eve), "GET", "/v1/me/apps")).body.items).toEqual([]);
    expect((await callAs(ownPages(eve), "DELETE", `/v1/me/apps/${app.clientId}`)).status).toBe(404);
    expect(await accessOf(accessToken)).not.toBeNull();
  });

  it("by the app, which gives up its family with the refresh token, or one access token", async () => {
    const { app, accessToken, refreshToken } = await allowedApp();
    const second = await refreshApp(app, refreshToken);
    const form = { client_id: app.clientId, token_type_hint: "refresh_token" };
    expect((await postForm("/oauth/revoke", { ...form, token: accessToken })).status).toBe(200);
    expect(await accessOf(accessToken)).toBeNull();
    expect(await accessOf(second.body.access_token)).not.toBeNull();
    expect((await postForm("/oauth/revoke", { ...form, token: second.body.refresh_token })).status).toBe(200);
    expect(await accessOf(second.body.access_token)).toBeNull();
    for (const token of ["unknown", accessToken, second.body.refresh_token]) {
      expect((await postForm("/oauth/revoke", { ...form, token })).status).toBe(200);
    }
  });

  it("never by another app, or without a client", async () => {
    const { accessToken, refreshToken } = await allowedApp();
    const { clientId } = await publicApp();
    for (const token of [accessToken, refreshToken]) {
      expect((await postForm("/oauth/revoke", { client_id: clientId, token })).body.error).toBe("invalid_grant");
      expect((await postForm("/oauth/revoke", { token })).body.error).toBe("invalid_client");
    }
    expect((await postForm("/oauth/revoke", { client_id: clientId })).body.error).toBe("invalid_request");
    expect(await accessOf(accessToken)).not.toBeNull();
  });

  it("with a new password, and with the account", async () => {
    const { customer, accessToken, app, refreshToken } = await allowedApp();
    const passwords = { current: PASSWORD, new: "other-words-over-water" };
    expect((await call("POST", "/v1/me/password", passwords, { accessToken: customer.access_token })).status).toBe(204);
    expect(await accessOf(accessToken)).toBeNull();
    expect((await refreshApp(app, refreshToken)).body.error).toBe("invalid_grant");
    const disabled = await allowedApp();
    const id = disabled.customer.customer.id;
    await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(id).run();
    expect(await accessOf(disabled.accessToken)).toBeNull();
    expect((await refreshApp(disabled.app, disabled.refreshToken)).body.error).toBe("invalid_grant");
  });

  it("by itself after ten minutes", async () => {
    const { accessToken } = await allowedApp();
    at(600_001);
    expect(await accessOf(accessToken)).toBeNull();
  });

  it("for good: the database lets nobody take a revocation back", async () => {
    const { customer, app } = await allowedApp();
    await callAs(ownPages(customer), "DELETE", `/v1/me/apps/${app.clientId}`);
    const undo = "UPDATE oauth_grants SET revoked_at_ms = NULL, revoked_reason = NULL WHERE client_id = ?";
    await expect(DATABASE.prepare(undo).bind(app.clientId).run()).rejects.toThrow("stays revoked");
  });
});

describe("an app's scopes", () => {
  it("open what the customer allowed, and tell what is missing for the rest", async () => {
    const app = await principalOf((await allowedApp()).accessToken);
    expect((await callAs(app, "GET", "/v1/me")).status).toBe(200);
    const refused = await callAs(app, "PATCH", "/v1/me", { name: "Eve" });
    expect([refused.status, refused.body.code]).toEqual([403, "insufficient_scope"]);
    expect(refused.headers.get("www-authenticate")).toContain('scope="profile:write"');
    expect((await callAs(app, "GET", "/v1/me/addresses")).status).toBe(403);
  });

  it("never open what is the customer's alone, whatever they are called", async () => {
    const app = { ...(await principalOf((await allowedApp()).accessToken)), scopes: ["*", "profile:write", "settings:write"] };
    const id = "app_01h455vb4pex5vsknk084sn02q";
    const calls = [
      ["POST", "/v1/me/password", { current: PASSWORD, new: "other-words-over-water" }],
      ["POST", "/v1/me/email", { email: "eve@example.com", password: PASSWORD }],
      ["POST", "/v1/me/email/request-confirmation"],
      ["POST", "/v1/auth/sign-out"],
      ["POST", "/v1/auth/sign-out-everywhere"],
      ["GET", "/v1/me/sessions"],
      ["DELETE", `/v1/me/sessions/${id.replace("app", "ses")}`],
      ["GET", "/v1/me/apps"],
      ["DELETE", `/v1/me/apps/${id}`],
      ["GET", "/v1/admin/oauth-clients"],
    ] as const;
    for (const [method, path, body] of calls) {
      expect([path, (await callAs(app, method, path, body)).status]).toEqual([path, 403]);
    }
  });
});
