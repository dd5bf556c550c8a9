/** Refresh tokens, and the ways a session ends: none of them can be undone. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseEmailAddress } from "../../../workers/identity/email-address.ts";
import { type Env, openStore } from "../../../workers/identity/env.ts";
import { keyMaterial, seal, unseal } from "../../../workers/identity/key-material.ts";
import { provePassword } from "../../../workers/identity/prove-password.ts";
import {
  isRefreshToken,
  newRefreshToken,
  REFRESH_TOKEN_LIFETIME_MS,
  REUSE_GRACE_MS,
  SESSION_LIFETIME_MS,
  successorOf,
} from "../../../workers/identity/refresh-token.ts";
import { startSession } from "../../../workers/identity/start-session.ts";
import { call, PASSWORD, refresh, register, sessionIdOf, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";

const bindings = env as unknown as Env;
const { DATABASE } = bindings;

function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

afterEach(() => {
  vi.useRealTimers();
});

describe("refreshing", () => {
  it("exchanges a token for its successor and keeps only hashes", async () => {
    const first = await register();
    const answer = await refresh(first.refresh_token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.body.refresh_token).not.toBe(first.refresh_token);
    expect(sessionIdOf(answer.body.access_token)).toBe(sessionIdOf(first.access_token));
    const { results } = await DATABASE.prepare("SELECT * FROM refresh_tokens WHERE session_id = ?")
      .bind(sessionIdOf(first.access_token))
      .all();
    expect(results).toHaveLength(2);
    expect(JSON.stringify(results)).not.toContain(first.refresh_token);
    expect(JSON.stringify(results)).not.toContain(answer.body.refresh_token);
  });

  it("gives the same successor to a client that lost the answer, and to two tabs at once", async () => {
    const { refresh_token } = await register();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.body.refresh_token)).size).toBe(1);
    expect((await refresh(answers[0]?.body.refresh_token ?? "")).status).toBe(200);
  });

  it("ends the session for thief and owner when a used token comes back", async () => {
    const stolen = await register();
    const owners = await refresh(stolen.refresh_token);
    letTimePass(REUSE_GRACE_MS + 1);
    const reused = await refresh(stolen.refresh_token);
    expect(reused.status).toBe(401);
    expect(reused.body.code).toBe("invalid_refresh_token");
    expect((await refresh(owners.body.refresh_token)).status).toBe(401);
    expect(await identity.sessionStanding(sessionIdOf(stolen.access_token))).toBeNull();
    const me = await call("GET", "/v1/me", undefined, { accessToken: owners.body.access_token });
    expect(me.body.code).toBe("session_ended");
  });

  it("ends only that session", async () => {
    const stolen = await register();
    const other = await signIn(stolen.customer.email);
    await refresh(stolen.refresh_token);
    letTimePass(REUSE_GRACE_MS + 1);
    await refresh(stolen.refresh_token);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it("refuses a token that lay unused too long, and a session that was refreshed too long", async () => {
    const idle = await register();
    letTimePass(REFRESH_TOKEN_LIFETIME_MS);
    expect((await refresh(idle.refresh_token)).status).toBe(401);
    let tokens = await signIn(idle.customer.email);
    for (let day = 0; day < SESSION_LIFETIME_MS; day += REFRESH_TOKEN_LIFETIME_MS - 1000) {
      const answer = await refresh(tokens.refresh_token);
      expect(answer.status).toBe(200);
      tokens = answer.body;
      letTimePass(REFRESH_TOKEN_LIFETIME_MS - 1000);
    }
    expect((await refresh(tokens.refresh_token)).status).toBe(401);
  });

  it("refuses everything else alike", async () => {
    const { access_token } = await register();
    const unknown = `hfr_${"A".repeat(43)}`;
    const answers = await Promise.all([unknown, access_token, "x", "hfr_", "' OR 1=1 --"].map((token) => refresh(token)));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
    }
  });

  it("refuses the tokens of a customer who was disabled since", async () => {
    const { customer, refresh_token, access_token } = await register();
    await DATABASE.prepare("UPDATE customers SET status = 'disabled' WHERE id = ?").bind(customer.id).run();
    expect((await refresh(refresh_token)).status).toBe(401);
    expect((await call("GET", "/v1/me", undefined, { accessToken: access_token })).status).toBe(401);
  });
});

describe("signing out", () => {
  it("ends this session at once, and no other", async () => {
    const here = await register();
    const elsewhere = await signIn(here.customer.email);
    const answer = await call("POST", "/v1/auth/sign-out", undefined, { accessToken: here.access_token });
    expect(answer.status).toBe(204);
    expect((await refresh(here.refresh_token)).status).toBe(401);
    expect((await call("GET", "/v1/me", undefined, { accessToken: here.access_token })).status).toBe(401);
    expect(await identity.sessionStanding(sessionIdOf(here.access_token))).toBeNull();
    expect(await identity.sessionStanding(sessionIdOf(elsewhere.access_token))).toEqual({
      customerId: here.customer.id,
      role: null,
    });
    expect((await refresh(elsewhere.refresh_token)).status).toBe(200);
  });

  it("ends every session of this customer, and nobody else's", async () => {
    const here = await register();
    const elsewhere = await signIn(here.customer.email);
    const stranger = await register();
    await call("POST", "/v1/auth/sign-out-everywhere", undefined, { accessToken: here.access_token });
    expect((await refresh(here.refresh_token)).status).toBe(401);
    expect((await refresh(elsewhere.refresh_token)).status).toBe(401);
    expect((await refresh(stranger.refresh_token)).status).toBe(200);
  });

  it("cannot be undone, not even in the database", async () => {
    const { access_token } = await register();
    await call("POST", "/v1/auth/sign-out", undefined, { accessToken: access_token });
    const undo = DATABASE.prepare("UPDATE sessions SET revoked_at_ms = NULL, revoked_reason = NULL WHERE id = ?");
    await expect(undo.bind(sessionIdOf(access_token)).run()).rejects.toThrow("a revoked session stays revoked");
  });

  it("needs a login", async () => {
    for (const path of ["/v1/auth/sign-out", "/v1/auth/sign-out-everywhere"]) {
      expect((await call("POST", path)).body.code).toBe("authentication_required");
    }
  });
});

describe("changing the password", () => {
  it("signs every other device out and keeps this one", async () => {
    const here = await register();
    const elsewhere = await signIn(here.customer.email);
    const change = { current: PASSWORD, new: "a-lighthouse-in-fog" };
    const answer = await call("POST", "/v1/me/password", change, { accessToken: here.access_token });
    expect(answer.status).toBe(204);
    expect((await refresh(elsewhere.refresh_token)).status).toBe(401);
    expect((await refresh(here.refresh_token)).status).toBe(200);
    const old = await call("POST", "/v1/auth/sign-in", { email: here.customer.email, password: PASSWORD });
    expect(old.status).toBe(401);
    expect((await signIn(here.customer.email, "a-lighthouse-in-fog")).customer.id).toBe(here.customer.id);
  });

  it("leaves no session to a sign-in that had just proven the old password", async () => {
    const here = await register();
    const store = openStore(bindings);
    const email = parseEmailAddress(here.customer.email);
    if (email === undefined) throw new Error("the address is one");
    const origin = { network: null, deviceToken: null };
    const proven = await provePassword(store, { email, password: PASSWORD, origin }, Date.now());
    if (!proven.ok) throw new Error("the password opens the account");
    const { customer } = proven.value;
    const asPassword = { userAgentFamily: "a test", proof: "password" } as const;
    expect(await startSession(store, customer, asPassword, Date.now())).toBeDefined();
    const change = { current: PASSWORD, new: "a-lighthouse-in-fog" };
    await call("POST", "/v1/me/password", change, { accessToken: here.access_token });
    expect(await startSession(store, customer, asPassword, Date.now())).toBeUndefined();
    const list = await call("GET", "/v1/me/sessions", undefined, { accessToken: here.access_token });
    expect(list.body.items).toHaveLength(1);
  });

  it("needs the current password, a good new one, and nothing more", async () => {
    const { access_token: accessToken } = await register();
    const change = (body: unknown) => call("POST", "/v1/me/password", body, { accessToken });
    expect((await change({ current: "not-the-password", new: "a-lighthouse-in-fog" })).body.code).toBe("wrong_password");
    const weak = await change({ current: PASSWORD, new: "qwertyuiop1234" });
    expect(weak.body).toMatchObject({ code: "weak_password", errors: [{ path: "new" }] });
    expect((await change({ current: PASSWORD, new: "a-lighthouse-in-fog", status: "active" })).status).toBe(422);
    expect((await call("POST", "/v1/me/password", { current: PASSWORD, new: "a-lighthouse-in-fog" })).status).toBe(401);
  });

  it("never makes two accounts of one address open by one password", async () => {
    const first = await register();
    const second = await register(first.customer.email, "another-good-phrase");
    const change = { current: "another-good-phrase", new: PASSWORD };
    const answer = await call("POST", "/v1/me/password", change, { accessToken: second.access_token });
    expect(answer.status).toBe(422);
    expect((await signIn(first.customer.email)).customer.id).toBe(first.customer.id);
  });
});

describe("listing sessions", () => {
  const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  it("shows the customer's own devices, newest first, a page at a time", async () => {
    const first = await register();
    await register();
    const { email } = first.customer;
    await call("POST", "/v1/auth/sign-in", { email, password: PASSWORD }, { userAgent: FIREFOX });
    await signIn(email);
    const accessToken = first.access_token;
    const page = await call("GET", "/v1/me/sessions?limit=2", undefined, { accessToken });
    expect(page.body.items).toHaveLength(2);
    const rest = await call("GET", `/v1/me/sessions?limit=2&cursor=${page.body.next_cursor}`, undefined, { accessToken });
    expect(rest.body).toMatchObject({ items: [{ id: sessionIdOf(accessToken), current: true }], next_cursor: null });
    const devices = [...page.body.items, ...rest.body.items].map((session) => session["device"]);
    expect(devices.toSorted()).toEqual(["Firefox on Linux", "Unknown device", "Unknown device"]);
  });

  it("signs one device out", async () => {
    const here = await register();
    const lost = await signIn(here.customer.email);
    const path = `/v1/me/sessions/${sessionIdOf(lost.access_token)}`;
    expect((await call("DELETE", path, undefined, { accessToken: here.access_token })).status).toBe(204);
    expect((await refresh(lost.refresh_token)).status).toBe(401);
    expect((await call("DELETE", path, undefined, { accessToken: here.access_token })).status).toBe(404);
  });

  it("answers 404 for the session of somebody else, which goes on", async () => {
    const owner = await register();
    const stranger = await register();
    const path = `/v1/me/sessions/${sessionIdOf(owner.access_token)}`;
    expect((await call("DELETE", path, undefined, { accessToken: stranger.access_token })).body.code).toBe("not_found");
    expect((await refresh(owner.refresh_token)).status).toBe(200);
  });

  it("refuses cursors and limits that are not ours", async () => {
    const { access_token: accessToken } = await register();
    const list = (query: string) => call("GET", `/v1/me/sessions?${query}`, undefined, { accessToken });
    expect((await list("cursor=nonsense")).body.code).toBe("invalid_cursor");
    for (const query of ["limit=0", "limit=101", "limit=x", "limit=1.5", "sort=id"]) {
      expect((await list(query)).body.code).toBe("invalid_request");
    }
  });
});

describe("the chain of refresh tokens", () => {
  it("has one successor per token, which only the server's key can compute", async () => {
    const token = newRefreshToken();
    const ours = await keyMaterial("a-secret-of-enough-length");
    const successor = await successorOf(ours, token);
    expect(successor).toBe(await successorOf(ours, token));
    expect(isRefreshToken(token) && isRefreshToken(successor)).toBe(true);
    expect(await successorOf(await keyMaterial("another-secret-of-enough-length"), token)).not.toBe(successor);
    expect(await successorOf(ours, newRefreshToken())).not.toBe(successor);
  });
});

describe("sealed text", () => {
  it("opens with its own secret and label only, and not when altered", async () => {
    const ours = await keyMaterial("a-secret-of-enough-length");
    const sealed = await seal(ours, "key-1", "private");
    expect(await unseal(ours, "key-1", sealed)).toBe("private");
    expect(await unseal(ours, "key-2", sealed)).toBeUndefined();
    expect(await unseal(await keyMaterial("another-secret-of-enough-length"), "key-1", sealed)).toBeUndefined();
    expect(await unseal(ours, "key-1", `${sealed.slice(0, -6)}AAAAA=`)).toBeUndefined();
    expect(await unseal(ours, "key-1", "nonsense")).toBeUndefined();
  });
});
