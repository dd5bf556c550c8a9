/**
 * The mark of a device that signed in to an account: `<device>.<customer>.<MAC>`. It opens nothing. It only lets the device
 * try that account's password from a bucket of its own, so that strangers cannot use up the owner's attempts.
 * Source of the idea: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
 */
import { and, eq, lte } from "drizzle-orm";
import { createdAtMsOf, newId } from "../shared/identifiers.ts";
import type { Database, Store } from "./env.ts";
import { type KeyMaterial, keyMaterial } from "./key-material.ts";
import { type CustomerRow, customers } from "./schema.ts";

/** As long as browsers keep a cookie. */
export const DEVICE_TOKEN_LIFETIME_MS = 400 * 24 * 60 * 60 * 1000;
export const DEVICE_TOKEN_LENGTH_MAX = 200;

const TOKEN = /^(dev_[0-9a-z]{26})\.(cus_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/;
const encoder = new TextEncoder();

export interface KnownDevice {
  readonly deviceId: string;
  readonly customerId: string;
  readonly markedAtMs: number;
}

export async function issueDeviceToken(material: KeyMaterial, customerId: string, nowMs: number): Promise<string> {
  const signed = `${newId("dev", nowMs)}.${customerId}`;
  const mac = await crypto.subtle.sign("HMAC", material.devices, encoder.encode(signed));
  return `${signed}.${new Uint8Array(mac).toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** @returns undefined when the token is not ours or too old. Compares in constant time. */
export async function readDeviceToken(material: KeyMaterial, token: string, nowMs: number): Promise<KnownDevice | undefined> {
  const [, deviceId, customerId, mac] = TOKEN.exec(token) ?? [];
  if (deviceId === undefined || customerId === undefined || mac === undefined) return undefined;
  const bytes = Uint8Array.fromBase64(mac, { alphabet: "base64url" });
  const valid = await crypto.subtle.verify("HMAC", material.devices, bytes, encoder.encode(`${deviceId}.${customerId}`));
  const markedAtMs = createdAtMsOf(deviceId);
  if (!valid || markedAtMs === undefined || nowMs - markedAtMs > DEVICE_TOKEN_LIFETIME_MS) return undefined;
  return { deviceId, customerId, markedAtMs };
}

/** The presented mark while it is of this account, else a new one: for whoever has proven to be the owner. */
export async function markDevice(
  { database, keySecret }: Store,
  customer: CustomerRow,
  presented: string | null,
  nowMs: number,
): Promise<{ readonly isKnown: boolean; readonly token: string }> {
  const material = await keyMaterial(keySecret);
  const device = presented === null ? undefined : await readDeviceToken(material, presented, nowMs);
  const owner = device === undefined ? undefined : await findDeviceOwner(database, device, customer.emailNormalized);
  if (presented !== null && owner?.id === customer.id) return { isKnown: true, token: presented };
  return { isKnown: false, token: await issueDeviceToken(material, customer.id, nowMs) };
}

/** The account that the device is known to, if it claims this address and has not forgotten its devices since. */
export async function findDeviceOwner(
  database: Database,
  device: KnownDevice,
  emailNormalized: string,
): Promise<CustomerRow | undefined> {
  return await database
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.id, device.customerId),
        eq(customers.emailNormalized, emailNormalized),
        lte(customers.devicesSinceMs, device.markedAtMs),
      ),
    )
    .get();
}
