/**
 * Sessions of the shop's pages. A browser keeps one token in a cookie: a capability token over the session's id, which the
 * gateway verifies by itself before it asks whose session it is. No refresh, no access token: the session is looked up.
 */
import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { issueCapabilityToken } from "../shared/capability-token.ts";
import { newId } from "../shared/identifiers.ts";
import { fieldErrors } from "../shared/problem.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { BrowserRegisterError, BrowserSession, BrowserSignInError } from "./contract.ts";
import { DEVICE_TOKEN_LENGTH_MAX, issueDeviceToken } from "./device-token.ts";
import type { Store } from "./env.ts";
import { findAccount } from "./find-account.ts";
import { keyMaterial } from "./key-material.ts";
import { type ProvenPassword, provePassword } from "./prove-password.ts";
import { registerCustomer, welcome } from "./register-customer.ts";
import { CustomerName, Email, NewPassword, PresentedPassword } from "./representations.ts";
import { sessions } from "./schema.ts";
import { openingSession } from "./start-session.ts";
import { userAgentFamily } from "./user-agent-family.ts";

/** Long enough to come back next week, short enough for a phone that was passed on. */
export const BROWSER_SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
/** How exact "last used" is: a write per page would cost more than it tells. */
const LAST_USED_STEP_MS = 60 * 60 * 1000;

const UserAgent = z.string().max(2_000).nullable();
const origin = {
  userAgent: UserAgent,
  network: z.string().max(64).nullable(),
  // Whatever a cookie holds that is no device's mark is no reason to refuse a sign-in.
  deviceToken: z.string().max(DEVICE_TOKEN_LENGTH_MAX).nullable().catch(null),
};
const SignIn = z.strictObject({ email: Email, password: PresentedPassword, ...origin });
const Registration = z.strictObject({ email: Email, password: NewPassword, name: CustomerName.nullable(), ...origin });

/** What cannot be an address or a password opens nothing, like a wrong one. */
export async function signInBrowser(
  store: Store,
  secret: string,
  input: unknown,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserSignInError>> {
  const parsed = SignIn.safeParse(input);
  if (!parsed.success) return err({ code: "invalid_credentials" });
  const { email, password, userAgent, network, deviceToken } = parsed.data;
  const proven = await provePassword(store, { email, password, origin: { network, deviceToken } }, nowMs);
  if (!proven.ok) return proven;
  return await openBrowserSession(store, secret, proven.value, userAgent, nowMs);
}

export async function registerBrowser(
  store: Store,
  secret: string,
  input: unknown,
  nowMs: number,
  afterwards: (work: Promise<unknown>) => void,
): Promise<Result<BrowserSession, BrowserRegisterError>> {
  const parsed = Registration.safeParse(input);
  if (!parsed.success) return err({ code: "invalid_registration", errors: fieldErrors(parsed.error) });
  const { email, password, name, userAgent, network } = parsed.data;
  const registered = await registerCustomer(store, { email, password, name, network }, nowMs);
  if (!registered.ok) return registered.error.code === "weak_password" ? err({ code: "weak_password" }) : err(registered.error);
  const customer = registered.value;
  afterwards(welcome(store, customer, nowMs));
  const deviceToken = await issueDeviceToken(await keyMaterial(store.keySecret), customer.id, nowMs);
  return await openBrowserSession(store, secret, { customer, deviceToken }, userAgent, nowMs);
}

/** Refused when the account changed between the check of the password and now. */
async function openBrowserSession(
  store: Store,
  secret: string,
  { customer, deviceToken }: ProvenPassword,
  userAgent: string | null,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserSignInError>> {
  const id = newId("ses", nowMs);
  const expiresAtMs = nowMs + BROWSER_SESSION_LIFETIME_MS;
  const family = userAgentFamily(userAgent ?? undefined);
  const opened = await openingSession(store.database, customer, { id, userAgentFamily: family, nowMs, expiresAtMs });
  if (opened.length === 0) return err({ code: "invalid_credentials" });
  const token = await issueCapabilityToken(secret, id);
  return ok({ token, expiresAtMs, deviceToken, customerId: customer.id, name: customer.name });
}

/** @returns null when the session is revoked, expired or unknown, or the customer disabled. */
export async function sessionOwner({ database }: Store, sessionId: string, nowMs: number): Promise<string | null> {
  const account = await findAccount(database, sessionId, nowMs);
  if (account === undefined) return null;
  const { lastUsedAtMs } = account.session;
  if (nowMs - lastUsedAtMs >= LAST_USED_STEP_MS) {
    // Conditional on what was read: a session revoked meanwhile is not used after its end.
    const unchanged = and(eq(sessions.id, sessionId), eq(sessions.lastUsedAtMs, lastUsedAtMs), isNull(sessions.revokedAtMs));
    await database.update(sessions).set({ lastUsedAtMs: nowMs }).where(unchanged);
  }
  return account.customer.id;
}
