/** A customer with an authenticator app in the pocket: enrols it, reads its codes, signs in with them. */
import { env } from "cloudflare:workers";
import { Secret, TOTP } from "otpauth";
import { expect, vi } from "vitest";
import type { AccountMessageKind } from "../../../workers/identity/contract.ts";
import type { Env } from "../../../workers/identity/env.ts";
import { type Answer, call, PASSWORD, register, type SignedIn } from "./client.ts";

const { DATABASE } = env as unknown as Env;
const STEP_MS = 30_000;

export interface Protected extends SignedIn {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** The clock in the middle of a step, so that no test runs into the next one. */
export function standStillInAStep(): void {
  const now = (Math.floor(Date.now() / STEP_MS) + 0.5) * STEP_MS;
  vi.useFakeTimers({ toFake: ["Date"], now });
}

/** @param steps from now: one before and one after count, too. */
export function codeOf(secret: string, steps = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Date.now() + steps * STEP_MS });
}

/** Six digits that are no code around now. */
export function wrongCode(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  for (let digits = 0; ; digits++) {
    const code = String(digits).padStart(6, "0");
    if (!right.has(code)) return code;
  }
}

interface EnrolmentBody {
  readonly secret: string;
  readonly otpauth_uri: string;
}

export async function enrol(accessToken: string, password = PASSWORD): Promise<EnrolmentBody> {
  const answer = await call("POST", "/v1/me/authenticator", { password }, { accessToken });
  expect(answer.status).toBe(201);
  return answer.body as unknown as EnrolmentBody;
}

/** Uses the code of the step before now, so that the one of now is still to be used. */
export async function protect(who: SignedIn): Promise<Protected> {
  const { secret } = await enrol(who.access_token);
  const confirmed = await call(
    "POST",
    "/v1/me/authenticator/confirm",
    { code: codeOf(secret, -1) },
    { accessToken: who.access_token },
  );
  expect(confirmed.status).toBe(200);
  const body = confirmed.body as unknown as { recovery_codes: string[]; device_token: string };
  return { ...who, secret, recoveryCodes: body.recovery_codes, device_token: body.device_token };
}

export async function protectedCustomer(): Promise<Protected> {
  return await protect(await register());
}

/** The first step: the right password. @returns the challenge's token. */
export async function challengeFor(email: string, password = PASSWORD): Promise<string> {
  const answer = await call("POST", "/v1/auth/sign-in", { email, password });
  expect(answer.status).toBe(202);
  const { challenge_token: token } = answer.body as unknown as { challenge_token: string };
  return token;
}

export function secondStep(challengeToken: string, code: string, deviceToken?: string): Promise<Answer> {
  const device = deviceToken === undefined ? {} : { device_token: deviceToken };
  return call("POST", "/v1/auth/second-factor", { challenge_token: challengeToken, code, ...device });
}

export function letTimePass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

export async function mailsTo(customerId: string): Promise<AccountMessageKind[]> {
  const query = "SELECT kind FROM account_messages WHERE customer_id = ? AND kind <> 'confirm_email' ORDER BY kind";
  const { results } = await DATABASE.prepare(query).bind(customerId).all<{ kind: AccountMessageKind }>();
  return results.map(({ kind }) => kind);
}

export async function stateOf(accessToken: string): Promise<unknown> {
  return (await call("GET", "/v1/me/authenticator", undefined, { accessToken })).body;
}
