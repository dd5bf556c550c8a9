/** An app that the victim has let in, by the pages and calls that everybody uses. */
import { createHash, randomUUID } from "node:crypto";
import { expect } from "vitest";
import { SESSION_COOKIE } from "../../workers/shared/page-cookies.ts";
import type { Shop } from "../system/shop.ts";
import type { AttackedSystem } from "./global-setup.ts";
import { sessionToken } from "./pages.ts";
import { Visitor } from "./visitor.ts";

const CALLBACK = "https://app.example/callback";

export interface AllowedApp {
  readonly id: string;
  readonly bearer: string;
}

export async function letAppIn(attacked: AttackedSystem, shop: Shop, sessionId: string, scope: string): Promise<AllowedApp> {
  const body = { kind: "app", name: "Own app", redirect_uris: [CALLBACK], confidential: false };
  const made = await shop.admin<{ id: string }>("POST", "/v1/admin/oauth-clients", { body });
  expect(made.status).toBe(201);
  const verifier = `${randomUUID()}${randomUUID()}`;
  const request = new URLSearchParams({
    response_type: "code",
    client_id: made.body.id,
    redirect_uri: CALLBACK,
    scope,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const customer = new Visitor(attacked, { [SESSION_COOKIE]: sessionToken(sessionId) });
  const answered = await customer.post("/oauth/authorize", { request: `?${request}`, answer: "allow" });
  const code = new URL(answered.headers.get("location") ?? CALLBACK).searchParams.get("code") ?? "";
  const exchange = { grant_type: "authorization_code", client_id: made.body.id, redirect_uri: CALLBACK };
  const response = await fetch(`${attacked.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({ ...exchange, code, code_verifier: verifier }),
  });
  expect(response.status).toBe(200);
  const { access_token: bearer } = (await response.json()) as { access_token: string };
  return { id: made.body.id, bearer };
}
