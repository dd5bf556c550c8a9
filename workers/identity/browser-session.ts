/**
 * Sessions of the shop's pages. A browser keeps one token in a cookie: a capability token over the session's id, which the
 * gateway verifies by itself before it asks whose session it is. No refresh, no access token: the session is looked up.
 */
import { and, eq, isNull } from "drizzle-orm";
import * as z from "zod";
import { issueCapabilityToken } from "../shared/capability-token.ts";
import { newId } from "../shared/identifiers.ts";
import { LOCALE_DEFAULT, LOCALES, type Locale } from "../shared/locales.ts";
import { fieldErrors } from "../shared/problem.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { learnLanguage } from "./account-language.ts";
import { askForSecondFactor, CHALLENGE_TOKEN_LENGTH_MAX, proveSecondStep } from "./complete-sign-in.ts";
import type {
  BrowserOrigin,
  BrowserPasskeyError,
  BrowserRegisterError,
  BrowserSecondFactorError,
  BrowserSession,
  BrowserSignInError,
} from "./contract.ts";
import { DEVICE_TOKEN_LENGTH_MAX, issueDeviceToken } from "./device-token.ts";
import type { Store } from "./env.ts";
import { findAccount } from "./find-account.ts";
import { keyMaterial } from "./key-material.ts";
import { PresentedCredential } from "./passkey-credential.ts";
import { type ProvenPassword, provePassword } from "./prove-password.ts";
import { registerCustomer, welcome } from "./register-customer.ts";
import { CustomerName, Email, NewPassword, PresentedPassword, SecondFactorCode } from "./representations.ts";
import { sessions } from "./schema.ts";
import { provePasskey } from "./sign-in-by-passkey.ts";
import { openingSession, type Proof } from "./start-session.ts";
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
  // A storefront that is deployed after identity says none: nobody is kept out for it.
  language: z.enum(LOCALES).optional(),
};
const SignIn = z.strictObject({ email: Email, password: PresentedPassword, ...origin });
const Registration = z.strictObject({ email: Email, password: NewPassword, name: CustomerName.nullable(), ...origin });
const SecondStep = z.strictObject({
  challengeToken: z.string().max(CHALLENGE_TOKEN_LENGTH_MAX),
  code: SecondFactorCode,
  ...origin,
});
/** The browser's answer as its script wrote it down, all of it in a form's field. */
const CREDENTIAL_LENGTH_MAX = 50_000;
const Passkey = z.strictObject({ credential: z.string().max(CREDENTIAL_LENGTH_MAX), ...origin });

/** What cannot be an address or a password opens nothing, like a wrong one. */
export async function signInBrowser(
  store: Store,
  secret: string,
  input: unknown,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserSignInError>> {
  const parsed = SignIn.safeParse(input);
  if (!parsed.success) return err({ code: "invalid_credentials" });
  const { email, password, network, deviceToken } = parsed.data;
  const proven = await provePassword(store, { email, password, origin: { network, deviceToken } }, nowMs);
  if (!proven.ok) return proven;
  return await openByPassword(store, secret, proven.value, parsed.data, nowMs);
}

/** What cannot be a code is a wrong one. */
export async function completeSignInBrowser(
  store: Store,
  secret: string,
  input: unknown,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserSecondFactorError>> {
  const parsed = SecondStep.safeParse(input);
  if (!parsed.success) return err({ code: "wrong_code" });
  const { challengeToken, code, deviceToken } = parsed.data;
  const proven = await proveSecondStep(store, { challengeToken, code, deviceToken }, nowMs);
  if (!proven.ok) return proven;
  const session = await openBrowserSession(store, secret, proven.value, { ...parsed.data, proof: "two_factors" }, nowMs);
  return session === undefined ? err({ code: "invalid_challenge" }) : ok(session);
}

export async function signInBrowserByPasskey(
  store: Store,
  secret: string,
  input: unknown,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserPasskeyError>> {
  const parsed = Passkey.safeParse(input);
  const credential = parsed.success ? readCredential(parsed.data.credential) : undefined;
  if (!parsed.success || credential === undefined) return err({ code: "passkey_refused" });
  const proven = await provePasskey(store, credential, parsed.data.deviceToken, nowMs);
  if (!proven.ok) return proven;
  const session = await openBrowserSession(store, secret, proven.value, { ...parsed.data, proof: "two_factors" }, nowMs);
  return session === undefined ? err({ code: "passkey_refused" }) : ok(session);
}

function readCredential(text: string): PresentedCredential | undefined {
  try {
    return PresentedCredential.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
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
  const { email, password, name, language, network } = parsed.data;
  const registration = { email, password, name, network, language: language ?? LOCALE_DEFAULT };
  const registered = await registerCustomer(store, registration, nowMs);
  if (!registered.ok) return registered.error.code === "weak_password" ? err({ code: "weak_password" }) : err(registered.error);
  const customer = registered.value;
  afterwards(welcome(store, customer, nowMs));
  const deviceToken = await issueDeviceToken(await keyMaterial(store.keySecret), customer.id, nowMs);
  return await openByPassword(store, secret, { customer, deviceToken }, parsed.data, nowMs);
}

type Browser = Pick<BrowserOrigin, "userAgent"> & { readonly language?: Locale | undefined };

async function openByPassword(
  store: Store,
  secret: string,
  proven: ProvenPassword,
  browser: Browser,
  nowMs: number,
): Promise<Result<BrowserSession, BrowserSignInError>> {
  const session = await openBrowserSession(store, secret, proven, { ...browser, proof: "password" }, nowMs);
  if (session !== undefined) return ok(session);
  return err((await askForSecondFactor(store, proven.customer, nowMs)) ?? { code: "invalid_credentials" });
}

/** @returns undefined when the proof does not open the account: see `openingSession`. */
async function openBrowserSession(
  store: Store,
  secret: string,
  { customer, deviceToken }: ProvenPassword,
  { userAgent, language, proof }: Browser & { readonly proof: Proof },
  nowMs: number,
): Promise<BrowserSession | undefined> {
  const id = newId("ses", nowMs);
  const expiresAtMs = nowMs + BROWSER_SESSION_LIFETIME_MS;
  const family = userAgentFamily(userAgent ?? undefined);
  const opened = await openingSession(store.database, customer, { id, userAgentFamily: family, nowMs, expiresAtMs, proof });
  if (opened.length === 0) return undefined;
  await learnLanguage(store.database, customer, language);
  const token = await issueCapabilityToken(secret, id);
  return { token, expiresAtMs, deviceToken, customerId: customer.id, name: customer.name };
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
