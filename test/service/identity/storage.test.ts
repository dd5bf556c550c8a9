/** The database: drizzle tables that agree with the migrations, and a tidy-up that removes only what nothing can use. */
import { env } from "cloudflare:workers";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { describe, expect, it, vi } from "vitest";
import { type Env, openStore } from "../../../workers/identity/env.ts";
import { REFRESH_TOKEN_LIFETIME_MS, SESSION_LIFETIME_MS } from "../../../workers/identity/refresh-token.ts";
import {
  ENDED_SESSION_RETENTION_MS,
  ROTATED_TOKEN_RETENTION_MS,
  removeExpired,
} from "../../../workers/identity/remove-expired.ts";
import * as schema from "../../../workers/identity/schema.ts";
import { call, refresh, register, sessionIdOf } from "./client.ts";
import { identity } from "./entrypoint.ts";

const bindings = env as unknown as Env;
const { DATABASE } = bindings;
const store = openStore(bindings);

const { addresses, customers, passwordSalts, refreshTokens, sessions, signingKeys } = schema;

describe("the drizzle tables", () => {
  it.each(
    [addresses, customers, passwordSalts, refreshTokens, sessions, signingKeys].map((table) => [getTableConfig(table)] as const),
  )("mirror the migration of $name", async ({ name, columns }) => {
    const { results } = await DATABASE.prepare(
      `SELECT name, type, "notnull" FROM pragma_table_info('${name}') ORDER BY name`,
    ).all();
    const mirrored = columns
      .map((column) => ({ name: column.name, type: column.getSQLType().toUpperCase(), notnull: column.notNull ? 1 : 0 }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const nullableKeys = new Set(columns.filter((column) => column.primary).map((column) => column.name));
    const written = results.map((row) => (nullableKeys.has(String(row["name"])) ? { ...row, notnull: 1 } : row));
    expect(mirrored).toEqual(written);
  });
});

describe("the tidy-up", () => {
  async function tokenCount(accessToken: string): Promise<unknown> {
    const rows = DATABASE.prepare("SELECT count(*) AS count FROM refresh_tokens WHERE session_id = ?");
    return await rows.bind(sessionIdOf(accessToken)).first("count");
  }

  it("remembers used tokens long enough to know a stolen copy, then forgets them", async () => {
    const { access_token, refresh_token } = await register();
    await refresh(refresh_token);
    await removeExpired(store, Date.now() + ROTATED_TOKEN_RETENTION_MS - 60_000);
    expect(await tokenCount(access_token)).toBe(2);
    await removeExpired(store, Date.now() + ROTATED_TOKEN_RETENTION_MS + 1);
    expect(await tokenCount(access_token)).toBe(1);
    await removeExpired(store, Date.now() + REFRESH_TOKEN_LIFETIME_MS + 1);
    expect(await tokenCount(access_token)).toBe(0);
  });

  it("keeps ended sessions for a while, and leaves the account alone", async () => {
    const { access_token, customer } = await register();
    await call("POST", "/v1/auth/sign-out", undefined, { accessToken: access_token });
    const exists = () => DATABASE.prepare("SELECT id FROM sessions WHERE id = ?").bind(sessionIdOf(access_token)).first("id");
    await removeExpired(store, Date.now() + ENDED_SESSION_RETENTION_MS - 60_000);
    expect(await exists()).not.toBeNull();
    await removeExpired(store, Date.now() + ENDED_SESSION_RETENTION_MS + 1);
    expect(await exists()).toBeNull();
    await removeExpired(store, Date.now() + SESSION_LIFETIME_MS + ENDED_SESSION_RETENTION_MS + 1);
    expect(await DATABASE.prepare("SELECT id FROM customers WHERE id = ?").bind(customer.id).first("id")).toBe(customer.id);
  });
});

describe("the check of revocations", () => {
  it("finds nothing after any way of ending sessions, with refreshes at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const { access_token, refresh_token } = await register();
      const signOut = round % 2 === 0 ? "/v1/auth/sign-out" : "/v1/auth/sign-out-everywhere";
      await Promise.all([
        refresh(refresh_token),
        call("POST", signOut, undefined, { accessToken: access_token }),
        refresh(refresh_token),
      ]);
    }
    const report = await identity.checkRevocations();
    expect(report.checked).toBeGreaterThanOrEqual(5);
    expect(report.violations).toEqual([]);
  });

  it("is not misled by clocks that differ", async () => {
    const { access_token, refresh_token } = await register();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    await refresh(refresh_token);
    vi.useRealTimers();
    await call("POST", "/v1/auth/sign-out", undefined, { accessToken: access_token });
    expect((await identity.checkRevocations()).violations).toEqual([]);
  });

  it("finds a session that was used, or given a token, after its end", async () => {
    const used = sessionIdOf((await register()).access_token);
    const given = sessionIdOf((await register()).access_token);
    await DATABASE.batch([
      DATABASE.prepare("UPDATE sessions SET revoked_at_ms = last_used_at_ms - 1, revoked_reason = 'revoked' WHERE id = ?").bind(
        used,
      ),
      DATABASE.prepare("UPDATE sessions SET revoked_at_ms = last_used_at_ms, revoked_reason = 'revoked' WHERE id = ?").bind(
        given,
      ),
      DATABASE.prepare("UPDATE refresh_tokens SET created_at_ms = created_at_ms + 1 WHERE session_id = ?").bind(given),
    ]);
    const { violations } = await identity.checkRevocations();
    expect(violations.map((violation) => violation.sessionId).toSorted()).toEqual([used, given].toSorted());
  });
});

describe("the service's own description", () => {
  it("is healthy and documents every route with its refusals", async () => {
    expect(await call("GET", "/healthz")).toMatchObject({ status: 200, body: { status: "ok", checks: { database: "ok" } } });
    const { body } = await call("GET", "/openapi.json");
    const { openapi, paths } = body as unknown as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(openapi).toBe("3.1.0");
    expect(Object.keys(paths)).toContain("/v1/auth/sign-in");
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(ids).not.toContain(undefined);
  });

  it("answers problems, and never a page, for what is not there", async () => {
    expect((await call("GET", "/v1/auth/sign-in")).body.code).toBe("method_not_allowed");
    expect((await call("GET", "/v1/me/x.css")).body.code).toBe("not_found");
  });
});
