/**
 * Sign-in's first half: an address and a password to the account that they open, within the limits on guesses. A refused
 * attempt costs no hash. Known and unknown addresses take the same steps.
 */
import { err, ok, type Result } from "../shared/result.ts";
import { findByHash, readHashSetting } from "./credentials.ts";
import { findDeviceOwner, issueDeviceToken, readDeviceToken } from "./device-token.ts";
import type { EmailAddress } from "./email-address.ts";
import type { Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { type Attempt, giveAttemptsBack, strangersAttempts, takeAttempts } from "./guess-quotas.ts";
import { keyMaterial } from "./key-material.ts";
import { hashPassword, isSameHash } from "./password-hash.ts";
import type { CustomerRow } from "./schema.ts";

/** Where an attempt comes from. */
export interface Origin {
  /** As the gateway saw it; null when nothing is known. */
  readonly network: string | null;
  /** What an earlier sign-in gave this device. */
  readonly deviceToken: string | null;
}

export interface ProvenPassword {
  readonly customer: CustomerRow;
  /** For the device to keep. */
  readonly deviceToken: string;
}

export type ProvePasswordError = Extract<IdentityError, { code: "invalid_credentials" | "too_many_attempts" }>;

interface Presented {
  readonly email: EmailAddress;
  readonly password: string;
  readonly origin: Origin;
}

export async function provePassword(
  store: Store,
  presented: Presented,
  nowMs: number,
): Promise<Result<ProvenPassword, ProvePasswordError>> {
  const device = await knownDevice(store, presented, nowMs);
  return device === undefined
    ? await proveAsStranger(store, presented, nowMs)
    : await proveAsKnownDevice(store, presented, device, nowMs);
}

interface Known {
  readonly owner: CustomerRow;
  readonly token: string;
  readonly attempt: Attempt;
}

async function knownDevice(store: Store, { email, origin }: Presented, nowMs: number): Promise<Known | undefined> {
  if (origin.deviceToken === null) return undefined;
  const device = await readDeviceToken(await keyMaterial(store.keySecret), origin.deviceToken, nowMs);
  const owner = device === undefined ? undefined : await findDeviceOwner(store.database, device, email.normalized);
  if (device === undefined || owner === undefined) return undefined;
  return { owner, token: origin.deviceToken, attempt: { quota: "password_by_device", of: device.deviceId } };
}

async function proveAsStranger(store: Store, { email, password, origin }: Presented, nowMs: number) {
  const attempts = strangersAttempts(email.normalized, origin.network, "password_by_network");
  const taken = await takeAttempts(store, attempts);
  if (!taken.ok) return taken;
  const passwordHash = hashPassword(password, await readHashSetting(store.database, email.normalized));
  const customer = await findByHash(store.database, email.normalized, passwordHash);
  if (customer === undefined) return err({ code: "invalid_credentials" });
  return await proven(store, customer, attempts, nowMs);
}

/**
 * The device's bucket is for the account that knows it and for no other claim on the address: else whoever registers a
 * claim could guess at the owner's password without end. Another claim is a stranger's attempt.
 */
async function proveAsKnownDevice(store: Store, presented: Presented, { owner, token, attempt }: Known, nowMs: number) {
  const { email, password, origin } = presented;
  const taken = await takeAttempts(store, [attempt]);
  if (!taken.ok) return taken;
  const passwordHash = hashPassword(password, await readHashSetting(store.database, email.normalized));
  if (isSameHash(passwordHash, owner.passwordHash)) {
    await giveAttemptsBack(store, [attempt]);
    return ok({ customer: owner, deviceToken: token });
  }
  const attempts = strangersAttempts(email.normalized, origin.network, "password_by_network");
  if (!(await takeAttempts(store, attempts)).ok) return err({ code: "invalid_credentials" });
  const customer = await findByHash(store.database, email.normalized, passwordHash);
  if (customer === undefined) return err({ code: "invalid_credentials" });
  return await proven(store, customer, [...attempts, attempt], nowMs);
}

async function proven(store: Store, customer: CustomerRow, attempts: readonly Attempt[], nowMs: number) {
  const [deviceToken] = await Promise.all([
    keyMaterial(store.keySecret).then((material) => issueDeviceToken(material, customer.id, nowMs)),
    giveAttemptsBack(store, attempts),
  ]);
  return ok({ customer, deviceToken });
}
