/** The identity worker: customers, their sessions, and the keys that sign their tokens. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { JSONWebKeySet } from "jose";
import * as z from "zod";
import { systemClock } from "../shared/clock.ts";
import { idSchema } from "../shared/identifiers.ts";
import { LOCALES, type Locale } from "../shared/locales.ts";
import { Person } from "../shared/privacy.ts";
import type { PrivilegedAttempt, PrivilegedOutcome } from "../shared/privileged-act.ts";
import { ok, type Result } from "../shared/result.ts";
import type { StaffRole } from "../shared/staff-roles.ts";
import { mailPrivacyLink, openPrivacyLink } from "./address-message.ts";
import {
  completeSignInBrowser,
  registerBrowser,
  sessionOwner,
  signInBrowser,
  signInBrowserByPasskey,
} from "./browser-session.ts";
import { checkRevocations } from "./check-revocations.ts";
import { closeAccount } from "./close-account.ts";
import { tellOrders } from "./confirm-email.ts";
import type {
  AccountMessage,
  ApiKeyStanding,
  AppAccess,
  AuthorizationQuestion,
  AuthorizationRefusal,
  BrowserCredentials,
  BrowserPasskey,
  BrowserPasskeyError,
  BrowserRegisterError,
  BrowserRegistration,
  BrowserSecondFactor,
  BrowserSecondFactorError,
  BrowserSession,
  BrowserSignInError,
  Consent,
  ConsentRefusal,
  IdentityApi,
  InvalidLink,
  KnownPerson,
  LinkHolder,
  MessageNotWanted,
  OwnersProof,
  OwnersProofRefused,
  PrivacyPurpose,
  RevocationReport,
  SessionStanding,
} from "./contract.ts";
import { CouponAttempt, giveCouponAttemptBack, takeCouponAttempt } from "./coupon-attempts.ts";
import { configuration, type Env, openStore } from "./env.ts";
import { staffRole } from "./manage-staff.ts";
import { listUnsent, markSent, readMessage } from "./messages-to-send.ts";
import { appAccess } from "./oauth/app-access.ts";
import { openAuthorizationServer } from "./oauth/authorization-server.ts";
import { answerAuthorization, readAuthorization } from "./oauth/authorize.ts";
import { openApiKey } from "./open-api-key.ts";
import { describeAddress, describePerson, erasePerson, exportPerson } from "./person.ts";
import { privilegedLog } from "./privileged-log.ts";
import { proveOwner } from "./prove-owner.ts";
import { tidyUp } from "./remove-expired.ts";
import { Email } from "./representations.ts";
import { allowMail } from "./reset-password.ts";
import { app } from "./routes.ts";
import { sessionStanding } from "./session-standing.ts";
import { publicKeySet, publishNextSigner } from "./signing-keys.ts";

const SessionId = idSchema("ses");
const CustomerId = idSchema("cus");
const MESSAGES_MAX = 50;
const Limit = z.int().min(1).max(MESSAGES_MAX);
const AccessTokenId = idSchema("oat");
/** Addresses are shorter; what a form sends may be anything. */
const Query = z.string().max(64_000);
const ConsentInput = z.strictObject({
  query: Query,
  customerId: idSchema("cus"),
  sessionId: idSchema("ses"),
  isAllowed: z.boolean(),
});
const MessageIds = z.array(idSchema("msg")).max(MESSAGES_MAX);

export default class Identity extends WorkerEntrypoint<Env> implements IdentityApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  override async scheduled(): Promise<void> {
    const store = openStore(this.env);
    await tidyUp(store, systemClock.now());
    await tellOrders(store, systemClock.now());
  }

  async jwks(): Promise<JSONWebKeySet> {
    return await publicKeySet(openStore(this.env), systemClock.now());
  }

  async sessionStanding(sessionId: string): Promise<SessionStanding | null> {
    const parsed = SessionId.safeParse(sessionId);
    return parsed.success ? await sessionStanding(openStore(this.env).database, parsed.data, systemClock.now()) : null;
  }

  async apiKeyStanding(keySha256: string): Promise<ApiKeyStanding | null> {
    return await openApiKey(openStore(this.env).database, keySha256, systemClock.now(), (work) => {
      this.ctx.waitUntil(work);
    });
  }

  async recordAttempt(attempt: PrivilegedAttempt): Promise<void> {
    await privilegedLog(this.env).recordAttempt(attempt);
  }

  async recordOutcome(attemptId: string, outcome: PrivilegedOutcome): Promise<void> {
    await privilegedLog(this.env).recordOutcome(attemptId, outcome);
  }

  async recordRefusal(attempt: PrivilegedAttempt, outcome: PrivilegedOutcome): Promise<void> {
    await privilegedLog(this.env).recordRefusal(attempt, outcome);
  }

  async sessionOwner(sessionId: string): Promise<string | null> {
    const parsed = SessionId.safeParse(sessionId);
    return parsed.success ? await sessionOwner(openStore(this.env), parsed.data, systemClock.now()) : null;
  }

  async signInBrowser(credentials: BrowserCredentials): Promise<Result<BrowserSession, BrowserSignInError>> {
    return await signInBrowser(openStore(this.env), configuration.CAPABILITY_SECRET, credentials, systemClock.now());
  }

  async completeSignInBrowser(step: BrowserSecondFactor): Promise<Result<BrowserSession, BrowserSecondFactorError>> {
    return await completeSignInBrowser(openStore(this.env), configuration.CAPABILITY_SECRET, step, systemClock.now());
  }

  async signInBrowserByPasskey(presented: BrowserPasskey): Promise<Result<BrowserSession, BrowserPasskeyError>> {
    return await signInBrowserByPasskey(openStore(this.env), configuration.CAPABILITY_SECRET, presented, systemClock.now());
  }

  async registerBrowser(registration: BrowserRegistration): Promise<Result<BrowserSession, BrowserRegisterError>> {
    return await registerBrowser(
      openStore(this.env),
      configuration.CAPABILITY_SECRET,
      registration,
      systemClock.now(),
      (work) => {
        this.ctx.waitUntil(work);
      },
    );
  }

  async readAccountMessage(messageId: string): Promise<Result<AccountMessage, MessageNotWanted>> {
    const store = openStore(this.env);
    return await readMessage(store, messageId, systemClock.now());
  }

  async listUnsentMessages(limit: number): Promise<readonly string[]> {
    const { database } = openStore(this.env);
    return await listUnsent(database, Limit.parse(limit));
  }

  async markMessagesSent(messageIds: readonly string[]): Promise<void> {
    const { database } = openStore(this.env);
    const ids = MessageIds.parse(messageIds);
    await markSent(database, ids, systemClock.now());
  }

  async staffRole(customerId: string): Promise<StaffRole | null> {
    return await staffRole(openStore(this.env).database, CustomerId.parse(customerId));
  }

  async describePerson(customerId: string): Promise<KnownPerson | null> {
    return await describePerson(openStore(this.env).database, CustomerId.parse(customerId));
  }

  async proveOwner(customerId: string, proof: OwnersProof): Promise<Result<null, OwnersProofRefused>> {
    return await proveOwner(openStore(this.env), CustomerId.parse(customerId), proof, systemClock.now());
  }

  async takeCouponAttempt(attempt: z.infer<typeof CouponAttempt>) {
    return await takeCouponAttempt(openStore(this.env), CouponAttempt.parse(attempt));
  }

  async giveCouponAttemptBack(attempt: z.infer<typeof CouponAttempt>): Promise<void> {
    await giveCouponAttemptBack(openStore(this.env), CouponAttempt.parse(attempt));
  }

  async closeAccount(customerId: string): Promise<boolean> {
    return await closeAccount(openStore(this.env), CustomerId.parse(customerId), systemClock.now());
  }

  async mailPrivacyLink(email: string, purpose: PrivacyPurpose, asked: { network: string | null; language: Locale }) {
    const store = openStore(this.env);
    const address = Email.parse(email);
    const nowMs = systemClock.now();
    const allowed = await allowMail(store, address, { network: asked.network, deviceToken: null }, nowMs);
    if (!allowed.ok) return allowed;
    await mailPrivacyLink(store, { email: address, purpose, language: z.enum(LOCALES).parse(asked.language) }, nowMs);
    return ok(null);
  }

  async openPrivacyLink(token: string, purpose: PrivacyPurpose): Promise<Result<LinkHolder, InvalidLink>> {
    const store = openStore(this.env);
    const opened = await openPrivacyLink(store, token, purpose, systemClock.now());
    if (!opened.ok) return opened;
    const { messageId, emailNormalized } = opened.value;
    return ok({ messageId, person: await describeAddress(store.database, emailNormalized) });
  }

  async exportPerson(person: Person) {
    return await exportPerson(openStore(this.env).database, Person.parse(person));
  }

  async erasePerson(person: Person) {
    return await erasePerson(openStore(this.env).database, Person.parse(person), systemClock.now());
  }

  async readAuthorization(query: string): Promise<Result<AuthorizationQuestion, AuthorizationRefusal>> {
    return await readAuthorization(openAuthorizationServer(this.env), Query.parse(query));
  }

  async answerAuthorization(consent: Consent): Promise<Result<{ readonly redirectTo: string }, ConsentRefusal>> {
    return await answerAuthorization(openAuthorizationServer(this.env), ConsentInput.parse(consent), systemClock.now());
  }

  async appAccess(tokenId: string): Promise<AppAccess | null> {
    const parsed = AccessTokenId.safeParse(tokenId);
    return parsed.success ? await appAccess(openStore(this.env).database, parsed.data, systemClock.now()) : null;
  }

  async checkRevocations(): Promise<RevocationReport> {
    return await checkRevocations(openStore(this.env).database);
  }

  async rotateSigningKey(): Promise<{ readonly kid: string }> {
    return { kid: await publishNextSigner(openStore(this.env), systemClock.now()) };
  }
}

export { AttemptQuota } from "../../durable-objects/attempt-quota/index.ts";
export { PrivilegedLog } from "../../durable-objects/privileged-log/index.ts";
