/** What a sign-in answers over HTTP: tokens of a new session, or what is still to be proven. */
import type { ServiceContext } from "../shared/http.ts";
import { languageOf, learnLanguage } from "./account-language.ts";
import { askForSecondFactor } from "./complete-sign-in.ts";
import type { SecondFactorRequired } from "./contract.ts";
import { type Env, openStore } from "./env.ts";
import { type IdentityError, refusal } from "./errors.ts";
import type { ProvenPassword } from "./prove-password.ts";
import { tokensJson } from "./representations.ts";
import { type Proof, startSession } from "./start-session.ts";
import { userAgentFamily } from "./user-agent-family.ts";

/** @throws ProblemError of `otherwise` when the account changed between the proof and now, or the proof is not enough. */
export async function openSession(
  c: ServiceContext<Env>,
  { customer, deviceToken }: ProvenPassword,
  { proof, otherwise }: { readonly proof: Proof; readonly otherwise: IdentityError },
  nowMs: number,
) {
  const tokens = await tokensFor(c, customer, proof, nowMs);
  if (tokens === undefined) throw refusal(otherwise);
  return { ...tokensJson(customer, tokens), device_token: deviceToken };
}

type SignedIn = Awaited<ReturnType<typeof openSession>>;

/** @throws ProblemError 401 when the account changed between the check of the password and now. */
export async function answerPassword(
  c: ServiceContext<Env>,
  { customer, deviceToken }: ProvenPassword,
  nowMs: number,
): Promise<{ readonly signedIn: SignedIn } | { readonly required: SecondFactorRequired }> {
  const tokens = await tokensFor(c, customer, "password", nowMs);
  if (tokens !== undefined) return { signedIn: { ...tokensJson(customer, tokens), device_token: deviceToken } };
  const required = await askForSecondFactor(openStore(c.env), customer, nowMs);
  if (required === undefined) throw refusal({ code: "invalid_credentials" });
  return { required };
}

async function tokensFor(c: ServiceContext<Env>, customer: ProvenPassword["customer"], proof: Proof, nowMs: number) {
  const family = userAgentFamily(c.req.header("user-agent"));
  const store = openStore(c.env);
  const tokens = await startSession(store, customer, { userAgentFamily: family, proof }, nowMs);
  if (tokens !== undefined) await learnLanguage(store.database, customer, languageOf(c));
  return tokens;
}
