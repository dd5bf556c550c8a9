/** The identity worker: customers, their sessions, and the keys that sign their tokens. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { JSONWebKeySet } from "jose";
import * as z from "zod";
import { systemClock } from "../shared/clock.ts";
import { idSchema } from "../shared/identifiers.ts";
import type { Result } from "../shared/result.ts";
import { listUnsentMessages, markMessagesSent, readAccountMessage } from "./account-message.ts";
import {
  completeSignInBrowser,
  registerBrowser,
  sessionOwner,
  signInBrowser,
  signInBrowserByPasskey,
} from "./browser-session.ts";
import { checkRevocations } from "./check-revocations.ts";
import { tellOrders } from "./confirm-email.ts";
import type {
  AccountMessage,
  BrowserCredentials,
  BrowserPasskey,
  BrowserPasskeyError,
  BrowserRegisterError,
  BrowserRegistration,
  BrowserSecondFactor,
  BrowserSecondFactorError,
  BrowserSession,
  BrowserSignInError,
  IdentityApi,
  MessageNotWanted,
  RevocationReport,
} from "./contract.ts";
import { configuration, type Env, openStore } from "./env.ts";
import { findAccount } from "./find-account.ts";
import { tidyUp } from "./remove-expired.ts";
import { app } from "./routes.ts";
import { publicKeySet, publishNextSigner } from "./signing-keys.ts";

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

  async isSessionActive(sessionId: string): Promise<boolean> {
    const parsed = SessionId.safeParse(sessionId);
    if (!parsed.success) return false;
    return (await findAccount(openStore(this.env).database, parsed.data, systemClock.now())) !== undefined;
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
    return await readAccountMessage(openStore(this.env), messageId, systemClock.now());
  }

  async listUnsentMessages(limit: number): Promise<readonly string[]> {
    return await listUnsentMessages(openStore(this.env).database, Limit.parse(limit));
  }

  async markMessagesSent(messageIds: readonly string[]): Promise<void> {
    await markMessagesSent(openStore(this.env).database, MessageIds.parse(messageIds), systemClock.now());
  }

  async checkRevocations(): Promise<RevocationReport> {
    return await checkRevocations(openStore(this.env).database);
  }

  async rotateSigningKey(): Promise<{ readonly kid: string }> {
    return { kid: await publishNextSigner(openStore(this.env), systemClock.now()) };
  }
}

export { AttemptQuota } from "../../durable-objects/attempt-quota/index.ts";
