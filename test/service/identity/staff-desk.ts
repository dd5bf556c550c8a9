/** Invites and seats members of the staff, and acts as them in the way the gateway would: by what identity says of a session. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Env } from "../../../workers/identity/env.ts";
import { GUEST, type Principal } from "../../../workers/shared/principal.ts";
import { type StaffRole, scopesOf } from "../../../workers/shared/staff-roles.ts";
import { type Answer, call, freshEmail, PASSWORD, sessionIdOf, signIn } from "./client.ts";
import { identity } from "./entrypoint.ts";

export const bindings = env as unknown as Env;
const { DATABASE } = bindings;

export const ADMIN_KEY: Principal = { ...GUEST, kind: "operator", scopes: ["*"] };

export interface Member {
  readonly id: string;
  readonly customerId: string;
  readonly email: string;
  readonly accessToken: string;
  /** As of now. */
  principal(): Promise<Principal>;
}

export function invite(email: string, role: string, principal: Principal = ADMIN_KEY): Promise<Answer> {
  return call("POST", "/v1/admin/staff", { email, role }, { principal });
}

/** What the mail of the open invitation would hold. */
export async function linkFor(email: string): Promise<string> {
  const row = await DATABASE.prepare("SELECT message_id FROM staff WHERE email = ?").bind(email).first<string>("message_id");
  const message = await identity.readAccountMessage(row ?? "");
  if (!message.ok || message.value.token === null) throw new Error(`no invitation for ${email}`);
  expect(message.value).toMatchObject({ kind: "staff_invitation", email });
  return message.value.token;
}

export function accept(token: string, password = PASSWORD): Promise<Answer> {
  return call("POST", "/v1/auth/accept-invitation", { token, password });
}

/** Who the gateway finds behind a token at this moment. */
export async function principalOf(accessToken: string): Promise<Principal> {
  const sessionId = sessionIdOf(accessToken);
  const standing = await identity.sessionStanding(sessionId);
  if (standing === null) return GUEST;
  const { customerId: subject, role } = standing;
  if (role === null) return { ...GUEST, kind: "customer", subject, sessionId };
  return { ...GUEST, kind: "operator", subject, sessionId, scopes: [...scopesOf(role)] };
}

export async function seat(role: StaffRole): Promise<Member> {
  const email = freshEmail();
  const invited = await invite(email, role);
  expect(invited).toMatchObject({ status: 201, body: { role, status: "invited", customer_id: null } });
  expect(await accept(await linkFor(email))).toMatchObject({ status: 200, body: { role } });
  const signedIn = await signIn(email);
  const { access_token: accessToken, customer } = signedIn;
  return { id: invited.body.id, customerId: customer.id, email, accessToken, principal: () => principalOf(accessToken) };
}

export async function changeRole(member: Pick<Member, "id">, role: StaffRole, principal: Principal = ADMIN_KEY): Promise<Answer> {
  return await call("PATCH", `/v1/admin/staff/${member.id}`, { role }, { principal });
}

export async function remove(member: Pick<Member, "id">, principal: Principal = ADMIN_KEY): Promise<Answer> {
  return await call("DELETE", `/v1/admin/staff/${member.id}`, undefined, { principal });
}
