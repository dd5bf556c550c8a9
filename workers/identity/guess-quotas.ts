/**
 * How often a secret may be tried. An attempt is taken before the secret is looked at, so that a thousand at once are no
 * more than a thousand in turn, and given back when it was right. Strangers share what an account allows; a device that
 * signed in to the account before has its own, so nobody can lock an owner out (docs/decisions/010-guessing.md).
 */
import { type AttemptDecision, type Quota, shardOf } from "../../durable-objects/attempt-quota/contract.ts";
import { guarded } from "../shared/call-peer.ts";
import { ProblemError } from "../shared/problem.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { type KeyMaterial, keyMaterial } from "./key-material.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** NIST SP 800-63B §5.2.2 asks for a limit per account; a network may hold an office, so it may try more. */
const QUOTAS = {
  /** Passwords for an address, by everybody without a known device. About a hundred a day. */
  password_by_account: { burst: 20, refillMs: 15 * MINUTE_MS },
  /** Passwords for any address, from one network. */
  password_by_network: { burst: 50, refillMs: 36 * SECOND_MS },
  /** Passwords for one account, by a device that knew the right one before. */
  password_by_device: { burst: 10, refillMs: 3 * MINUTE_MS },
  /** Accounts opened from one network, right or not: each may be a guess. */
  registration_by_network: { burst: 100, refillMs: 18 * SECOND_MS },
  /** The current password, asked again of whoever is signed in. */
  password_by_customer: { burst: 10, refillMs: 6 * MINUTE_MS },
  /** Six digits for one account, by everybody who knows its password and no known device: three of a million are right. */
  code_by_account: { burst: 10, refillMs: 30 * MINUTE_MS },
  /** The same by the account's known devices together: a mailbox thief can make new ones, and gains nothing by it. */
  code_by_known_devices: { burst: 10, refillMs: 30 * MINUTE_MS },
  /** Six digits, asked again of whoever is signed in. */
  code_by_customer: { burst: 10, refillMs: 30 * MINUTE_MS },
  /** Codes of either kind for one sign-in. It outlives its challenge. */
  code_by_challenge: { burst: 5, refillMs: 60 * MINUTE_MS },
  /** Mails about second factors, which whoever is signed in can cause: enough to tell, too few to bury. */
  notice_by_customer: { burst: 6, refillMs: 60 * MINUTE_MS },
  /** Mails to one address that a stranger asked for. */
  mail_by_account: { burst: 5, refillMs: 30 * MINUTE_MS },
  mail_by_device: { burst: 5, refillMs: 30 * MINUTE_MS },
  mail_by_network: { burst: 30, refillMs: 3 * MINUTE_MS },
  /** Coupon codes tried on one cart, and from one network, which may hold an office. A right one costs nothing. */
  coupon_by_cart: { burst: 10, refillMs: 6 * MINUTE_MS },
  coupon_by_network: { burst: 50, refillMs: MINUTE_MS },
  /** Apps that register themselves, from one network. Each is a row that stays for days. */
  app_registration_by_network: { burst: 20, refillMs: 3 * MINUTE_MS },
} as const satisfies Readonly<Record<string, Quota>>;

export type QuotaName = keyof typeof QUOTAS;

export interface Attempt {
  readonly quota: QuotaName;
  /** Whose bucket: an address, a network, a device. Only a keyed hash of it is kept. */
  readonly of: string;
}

export type TooManyAttempts = Extract<IdentityError, { code: "too_many_attempts" }>;

const POLICY = { service: "attempt-quota", deadlineMs: 3_000, retries: 1, retryTimeouts: false } as const;
const NAME_BYTES = 16;
const encoder = new TextEncoder();

/** Takes one attempt of every bucket, or none. @throws ProblemError 503 when the count cannot be asked: nothing is tried then. */
export async function takeAttempts(store: Store, attempts: readonly Attempt[]): Promise<Result<null, TooManyAttempts>> {
  const material = await keyMaterial(store.keySecret);
  const decisions = await Promise.all(
    attempts.map(async (attempt) => ({
      attempt,
      decision: await call(store, await bucketName(material, attempt), (quota, bucket) =>
        quota.take(bucket, QUOTAS[attempt.quota]),
      ),
    })),
  );
  const waits = decisions.flatMap(({ decision }) => (decision.allowed ? [] : [decision.retryAfterMs]));
  if (waits.length === 0) return ok(null);
  await giveAttemptsBack(
    store,
    decisions.flatMap(({ attempt, decision }) => (decision.allowed ? [attempt] : [])),
  );
  return err({ code: "too_many_attempts", retryAfterSeconds: Math.ceil(Math.max(...waits) / SECOND_MS) });
}

/** The secret was right. Failing to say so costs an attempt, not the sign-in. */
export async function giveAttemptsBack(store: Store, attempts: readonly Attempt[]): Promise<void> {
  const material = await keyMaterial(store.keySecret);
  await Promise.allSettled(
    attempts.map(async (attempt) =>
      call(store, await bucketName(material, attempt), async (quota, bucket) => {
        await quota.giveBack(bucket, QUOTAS[attempt.quota]);
        return { allowed: true };
      }),
    ),
  );
}

/** What a stranger's guess at the password of an address takes. */
export function strangersAttempts(
  emailNormalized: string,
  network: string | null,
  byNetwork: "password_by_network" | "registration_by_network",
): Attempt[] {
  const byAccount = { quota: "password_by_account", of: emailNormalized } as const;
  return network === null ? [byAccount] : [byAccount, { quota: byNetwork, of: network }];
}

type Stub = ReturnType<Store["quotas"]["getByName"]>;

async function call(
  store: Store,
  bucket: string,
  ask: (quota: Stub, bucket: string) => Promise<AttemptDecision>,
): Promise<AttemptDecision> {
  try {
    // A stub is broken after any error, so each try takes a new one.
    return await guarded(POLICY, async () => ({ ...(await ask(store.quotas.getByName(shardOf(bucket)), bucket)) }));
  } catch {
    throw new ProblemError({
      status: 503,
      code: "service_unavailable",
      detail: "Attempts cannot be counted right now, so none is made. Try again in a moment.",
      headers: { "retry-after": "2" },
    });
  }
}

async function bucketName(material: KeyMaterial, { quota, of }: Attempt): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", material.buckets, encoder.encode(`${quota} ${of}`));
  return new Uint8Array(mac, 0, NAME_BYTES).toHex();
}
