/** The identity worker: customers, their sessions, and the keys that sign their tokens. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { JSONWebKeySet } from "jose";
import * as z from "zod";
import { systemClock } from "../shared/clock.ts";
import { idSchema } from "../shared/identifiers.ts";
import type { PrivilegedAttempt, PrivilegedOutcome } from "../shared/privileged-act.ts";
import { ok, type Result } from "../shared/result.ts";
import { listUnsentMessages, markMessagesSent, readAccountMessage } from "./account-message.ts";
import { registerBrowser, sessionOwner, signInBrowser } from "./browser-session.ts";
import { checkRevocations } from "./check-revocations.ts";
import { tellOrders } from "./confirm-email.ts";
import type {
  AccountMessage,
  ApiKeyStanding,
  BrowserCredentials,
  BrowserRegisterError,
  BrowserRegistration,
  BrowserSession,
  BrowserSignInError,
  IdentityApi,
  MessageNotWanted,
  RevocationReport,
  SessionStanding,
} from "./contract.ts";
import { configuration, type Env, openStore } from "./env.ts";
import { openApiKey } from "./open-api-key.ts";
import { privilegedLog } from "./privileged-log.ts";
import { tidyUp } from "./remove-expired.ts";
import { app } from "./routes.ts";
import { sessionStanding } from "./session-standing.ts";
import { publicKeySet, publishNextSigner } from "./signing-keys.ts";
import { listUnsentInvitations, markInvitationsSent, readInvitationMail } from "./staff-invitation.ts";

const SessionId = idSchema("ses");
const MESSAGES_MAX = 50;
const Limit = z.int().min(1).max(MESSAGES_MAX);
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
    const nowMs = systemClock.now();
    const invitation = await readInvitationMail(store, messageId, nowMs);
    return invitation === undefined ? await readAccountMessage(store, messageId, nowMs) : ok(invitation);
  }

  async listUnsentMessages(limit: number): Promise<readonly string[]> {
    const { database } = openStore(this.env);
    const most = Limit.parse(limit);
    const ids = await Promise.all([listUnsentMessages(database, most), listUnsentInvitations(database, most)]);
    return ids.flat().toSorted().slice(0, most);
  }

  async markMessagesSent(messageIds: readonly string[]): Promise<void> {
    const { database } = openStore(this.env);
    const ids = MessageIds.parse(messageIds);
    await Promise.all([
      markMessagesSent(database, ids, systemClock.now()),
      markInvitationsSent(database, ids, systemClock.now()),
    ]);
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
