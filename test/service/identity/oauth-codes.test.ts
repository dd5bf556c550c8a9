/** From the app's request to its tokens: whatever is not exactly as it was promised opens nothing. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { CODE_LIFETIME_MS } from "../../../workers/identity/oauth/authorize.ts";
import { issueCapabilityToken } from "../../../workers/shared/capability-token.ts";
import { register, sessionIdOf } from "./client.ts";
import { identity } from "./entrypoint.ts";
import {
  accessOf,
  allowedApp,
  answer,
  CALLBACK,
  DATABASE,
  exchange,
  ISSUER,
  type PublicApp,
  postForm,
  publicApp,
  queryOf,
  refreshApp,
  registerApp,
} from "./oauth-client.ts";
import { mailsTo } from "./second-factor-client.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function refusedBy(query: string): Promise<URLSearchParams> {
  const asked = await identity.readAuthorization(query);
  if (asked.ok || asked.error.code !== "refused") throw new Error(`not refused at the app: ${JSON.stringify(asked)}`);
  expect(asked.error.redirectTo.startsWith(`${CALLBACK}?`)).toBe(true);
  return new URL(asked.error.redirectTo).searchParams;
}

function at(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + ms);
}

describe("an app's request", () => {
  it("is shown with its name, where it leads, and each scope", async () => {
    const app = await publicApp({ client_name: "Parcel Watch" });
    expect(await identity.readAuthorization(queryOf(app))).toEqual({
      ok: true,
      value: {
        clientName: "Parcel Watch",
        isVetted: false,
        redirectUri: CALLBACK,
        target: { kind: "site", name: "app.example" },
        scopes: ["profile:read", "orders:read"],
      },
    });
  });

  it.each([
    ["no challenge", { code_challenge: undefined }, "invalid_request"],
    ["no method, which would mean plain (regression: PKCE downgrade)", { code_challenge_method: undefined }, "invalid_request"],
    ["the method plain (regression: PKCE downgrade)", { code_challenge_method: "plain" }, "invalid_request"],
    ["a challenge that is no hash", { code_challenge: "short" }, "invalid_request"],
    ["no response type", { response_type: undefined }, "invalid_request"],
    ["a token at once", { response_type: "token" }, "unsupported_response_type"],
    ["an answer in the fragment", { response_mode: "fragment" }, "invalid_request"],
    ["a scope that nobody knows", { scope: "profile:read everything" }, "invalid_scope"],
    ["an operator's scope", { scope: "products:write" }, "invalid_scope"],
    ["every scope", { scope: "*" }, "invalid_scope"],
    ["another resource", { resource: "https://api.elsewhere.example" }, "invalid_target"],
  ])("with %s is refused at its own address, with state and issuer", async (_, change, error) => {
    const told = await refusedBy(queryOf(await publicApp(), change));
    expect(Object.fromEntries(told)).toMatchObject({ error, state: "a-state", iss: ISSUER });
    expect(told.has("code")).toBe(false);
  });

  it("cannot ask for more than the app registered", async () => {
    const app = await publicApp({ scope: "profile:read" });
    expect((await refusedBy(queryOf(app))).get("error")).toBe("invalid_scope");
  });

  it.each([
    ["an unregistered address", { redirect_uri: "https://evil.example/callback" }, "unregistered_redirect_uri"],
    ["another case", { redirect_uri: "https://app.example/Callback" }, "unregistered_redirect_uri"],
    ["a slash at the end", { redirect_uri: `${CALLBACK}/` }, "unregistered_redirect_uri"],
    ["a query", { redirect_uri: `${CALLBACK}?x=1` }, "unregistered_redirect_uri"],
    ["a script", { redirect_uri: "javascript:alert(1)" }, "unregistered_redirect_uri"],
    ["an unknown client", { client_id: "app_01h455vb4pex5vsknk084sn02q" }, "unknown_client"],
    ["no client", { client_id: undefined }, "unknown_client"],
    ["hostile text for a client", { client_id: "' OR 1=1 --" }, "unknown_client"],
  ])("with %s sends the browser nowhere, whatever else is wrong", async (_, change, reason) => {
    const refused = { ok: false, error: { code: "unusable_request", reason } };
    expect(await identity.readAuthorization(queryOf(await publicApp(), { ...change, scope: "wrong" }))).toEqual(refused);
  });

  it("that says a thing twice means two things", async () => {
    const query = `${queryOf(await publicApp())}&redirect_uri=${encodeURIComponent("https://evil.example/")}`;
    expect(await identity.readAuthorization(query)).toMatchObject({ error: { code: "unusable_request", reason: "malformed" } });
  });

  it("may leave its address out when it has only one, and must name it when it has two", async () => {
    const query = (app: PublicApp) => queryOf(app, { redirect_uri: undefined });
    expect(await identity.readAuthorization(query(await publicApp()))).toMatchObject({
      ok: true,
      value: { redirectUri: CALLBACK },
    });
    const two = await publicApp({ redirect_uris: [CALLBACK, "https://app.example/other"] });
    expect(await identity.readAuthorization(query(two))).toMatchObject({ ok: false, error: { code: "unusable_request" } });
  });
});

describe("the customer's word", () => {
  it("no is told to the app, and makes nothing", async () => {
    const customer = await register();
    const told = await answer(queryOf(await publicApp()), customer, false);
    expect(Object.fromEntries(told)).toMatchObject({ error: "access_denied", state: "a-state", iss: ISSUER });
    const rows = DATABASE.prepare("SELECT count(*) AS count FROM oauth_grants WHERE customer_id = ?").bind(customer.customer.id);
    expect(await rows.first("count")).toBe(0);
  });

  it("yes is a code, with state and issuer", async () => {
    const told = await answer(queryOf(await publicApp()), await register());
    expect([...told.keys()].sort()).toEqual(["code", "iss", "state"]);
    expect([told.get("state"), told.get("iss")]).toEqual(["a-state", ISSUER]);
  });

  it("yes is told to the owner by mail, and no is not", async () => {
    const customer = await register();
    const told = () => mailsTo(customer.customer.id);
    await answer(queryOf(await publicApp()), customer, false);
    expect(await told()).not.toContain("app_allowed");
    await answer(queryOf(await publicApp()), customer);
    expect(await told()).toContain("app_allowed");
  });

  it("yes is not told when it let nobody in (regression: a mail about a grant that was not written)", async () => {
    const customer = await register();
    // As when the session ends between the look at it and the grant.
    await DATABASE.exec("CREATE TRIGGER nobody_in BEFORE INSERT ON oauth_grants BEGIN SELECT RAISE(IGNORE); END");
    const consent = { query: queryOf(await publicApp()), customerId: customer.customer.id, isAllowed: true };
    const said = await identity.answerAuthorization({ ...consent, sessionId: sessionIdOf(customer.access_token) });
    await DATABASE.exec("DROP TRIGGER nobody_in");
    expect(said).toEqual({ ok: false, error: { code: "session_ended" } });
    expect(await mailsTo(customer.customer.id)).not.toContain("app_allowed");
  });

  it("counts only while the session stands and is the customer's own", async () => {
    const [ada, eve] = [await register(), await register()];
    const query = queryOf(await publicApp());
    const say = (customerId: string, sessionId: string) =>
      identity.answerAuthorization({ query, customerId, sessionId, isAllowed: true });
    expect(await say(ada.customer.id, sessionIdOf(eve.access_token))).toEqual({ ok: false, error: { code: "session_ended" } });
    await DATABASE.prepare("UPDATE sessions SET revoked_at_ms = 9e15, revoked_reason = 'revoked' WHERE id = ?")
      .bind(sessionIdOf(ada.access_token))
      .run();
    expect(await say(ada.customer.id, sessionIdOf(ada.access_token))).toEqual({ ok: false, error: { code: "session_ended" } });
  });
});

describe("a code", () => {
  it("becomes tokens that open what the customer allowed, and no more", async () => {
    const { accessToken, app, customer } = await allowedApp();
    expect(await accessOf(accessToken)).toEqual({
      clientId: app.clientId,
      customerId: customer.customer.id,
      scopes: ["profile:read", "orders:read"],
    });
  });

  it("is answered as RFC 6749 says, and kept by no cache", async () => {
    const app = await publicApp();
    const code = (await answer(queryOf(app, { scope: undefined }), await register())).get("code") ?? "";
    const { body, headers } = await exchange(app, code);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      access_token: expect.stringMatching(/^oat_/),
      token_type: "Bearer",
      expires_in: 600,
      refresh_token: expect.stringMatching(/^hfo_/),
      scope: "profile:read profile:write addresses:read addresses:write carts:write orders:read",
    });
  });

  it.each([
    ["another verifier", () => ({ code_verifier: "v".repeat(43) }), "invalid_grant"],
    ["a verifier that is too short", () => ({ code_verifier: "v" }), "invalid_grant"],
    ["no verifier", () => ({ code_verifier: "" }), "invalid_request"],
    ["the challenge for a verifier", (app: PublicApp) => ({ code_verifier: app.challenge }), "invalid_grant"],
    ["another address", () => ({ redirect_uri: "https://app.example/other" }), "invalid_grant"],
    ["its address with a slash", () => ({ redirect_uri: `${CALLBACK}/` }), "invalid_grant"],
    ["no address", () => ({ redirect_uri: "" }), "invalid_grant"],
    ["another resource", () => ({ resource: "https://elsewhere.example" }), "invalid_target"],
  ] as const)("opens nothing with %s, and still works with what is right", async (_, change, error) => {
    const app = await publicApp();
    const code = (await answer(queryOf(app), await register())).get("code") ?? "";
    const refused = await exchange(app, code, change(app));
    expect([refused.status, refused.body.error]).toEqual([400, error]);
    expect((await exchange(app, code)).status).toBe(200);
  });

  it("is the client's that asked, though another brings everything else", async () => {
    const [app, other] = [await publicApp(), await publicApp()];
    const code = (await answer(queryOf(app), await register())).get("code") ?? "";
    expect((await exchange({ ...app, clientId: other.clientId }, code)).body.error).toBe("invalid_grant");
  });

  it("that is used again ends the tokens of its first use", async () => {
    const { app, code, accessToken, refreshToken } = await allowedApp();
    expect((await exchange(app, code)).body.error).toBe("invalid_grant");
    expect(await accessOf(accessToken)).toBeNull();
    expect((await refreshApp(app, refreshToken)).body.error).toBe("invalid_grant");
  });

  it("gives tokens once, though many come at once", async () => {
    const app = await publicApp();
    const code = (await answer(queryOf(app), await register())).get("code") ?? "";
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(app, code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { status, body } of answers) if (status === 200) expect(await accessOf(body.access_token)).toBeNull();
  });

  it("works for a minute", async () => {
    const app = await publicApp();
    const customer = await register();
    const code = (await answer(queryOf(app), customer)).get("code") ?? "";
    at(CODE_LIFETIME_MS);
    expect((await exchange(app, code)).body.error).toBe("invalid_grant");
  });

  it("and every token rests as a hash or as an id that opens nothing", async () => {
    const { code, accessToken, refreshToken } = await allowedApp();
    const tables = ["oauth_clients", "oauth_grants", "oauth_access_tokens", "oauth_refresh_tokens"];
    const rows = await Promise.all(tables.map((table) => DATABASE.prepare(`SELECT * FROM ${table}`).all()));
    const kept = JSON.stringify(rows);
    for (const secret of [code, accessToken, refreshToken]) expect(kept).not.toContain(secret);
    const [tokenId = ""] = accessToken.split(".");
    expect(await accessOf(await issueCapabilityToken("another secret, as long", tokenId))).toBeNull();
  });
});

describe("the token endpoint", () => {
  it.each([
    ["no grant type", {}, "invalid_request"],
    ["a password", { grant_type: "password", username: "ada", password: "x" }, "unsupported_grant_type"],
    ["an app's own credentials", { grant_type: "client_credentials" }, "unauthorized_client"],
  ])("refuses %s", async (_, form, error) => {
    const { clientId } = await publicApp();
    const refused = await postForm("/oauth/token", { client_id: clientId, ...form });
    expect([refused.status, refused.body.error]).toEqual([400, error]);
  });

  it.each([
    ["JSON", '{"grant_type":"authorization_code"}', "application/json"],
    ["a parameter twice", "grant_type=refresh_token&grant_type=password", "application/x-www-form-urlencoded"],
    ["nothing", "", "text/plain"],
  ])("refuses %s", async (_, body, type) => {
    const refused = await postForm("/oauth/token", body, { "content-type": type });
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_request"]);
  });

  it("knows a client by its secret only, in the header or the form, and once", async () => {
    const made = await registerApp({ redirect_uris: [CALLBACK] });
    const { client_id: id, client_secret: secret } = made.body;
    const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` });
    const form = { grant_type: "refresh_token", refresh_token: "x" };
    const known = [await postForm("/oauth/token", form, basic(id, secret))];
    known.push(await postForm("/oauth/token", { ...form, client_id: id, client_secret: secret }));
    expect(known.map(({ body }) => body.error)).toEqual(["invalid_grant", "invalid_grant"]);
    const unknown = [
      await postForm("/oauth/token", form),
      await postForm("/oauth/token", form, basic(id, `${secret}x`)),
      await postForm("/oauth/token", form, basic("app_01h455vb4pex5vsknk084sn02q", secret)),
      await postForm("/oauth/token", { ...form, client_id: id }),
      await postForm("/oauth/token", { ...form, client_id: (await publicApp()).clientId, client_secret: secret }),
      await postForm("/oauth/token", form, { authorization: "Basic %%%" }),
      await postForm("/oauth/token", form, basic("%", "%")),
      await postForm("/oauth/token", form, { authorization: `Bearer ${secret}` }),
    ];
    for (const { status, body, headers } of unknown) {
      expect([status, body.error, headers.get("www-authenticate")]).toEqual([401, "invalid_client", 'Basic realm="holdfast"']);
    }
    const twice = await postForm("/oauth/token", { ...form, client_secret: secret }, basic(id, secret));
    expect(twice.body.error).toBe("invalid_request");
    const stored = await DATABASE.prepare("SELECT * FROM oauth_clients WHERE id = ?").bind(id).first();
    expect(JSON.stringify(stored)).not.toContain(secret);
  });
});
