/** One member of the staff for each role, who joined as people do: invited, by the link of the mail, with a password. */
import { createHmac, hkdfSync } from "node:crypto";
import { STAFF_ROLES, type StaffRole } from "../../workers/shared/staff-roles.ts";
import { TEST_SECRETS } from "../secrets.ts";
import type { TestSystem } from "../system/serve-system.ts";

export const STAFF_PASSWORD = "a member of the staff says 7";

export interface Seated {
  /** Of the staff, not of the account. */
  readonly id: string;
  readonly email: string;
  readonly customerId: string;
  readonly sessionId: string;
}

export async function seatStaff(system: TestSystem): Promise<Readonly<Record<StaffRole, Seated>>> {
  const seated = await Promise.all(STAFF_ROLES.map(async (role) => [role, await seat(system, role)] as const));
  return Object.fromEntries(seated) as Record<StaffRole, Seated>;
}

export async function seat(system: TestSystem, role: StaffRole): Promise<Seated> {
  const email = `${role}-${crypto.randomUUID()}@shop.example`;
  const admin = { authorization: `Bearer ${system.adminKey}` };
  const { id } = await post<{ id: string }>(system, "/v1/admin/staff", { email, role }, admin);
  const token = await linkOf(system, id);
  await post(system, "/v1/auth/accept-invitation", { token, password: STAFF_PASSWORD, name: "Sam" });
  const signedIn = await post<SignedIn>(system, "/v1/auth/sign-in", { email, password: STAFF_PASSWORD });
  const { sid } = JSON.parse(Buffer.from(signedIn.access_token.split(".")[1] ?? "", "base64url").toString()) as { sid: string };
  return { id, email, customerId: signedIn.customer.id, sessionId: sid };
}

interface SignedIn {
  readonly customer: { readonly id: string };
  readonly access_token: string;
}

/** As identity makes it when the mail is sent (`workers/identity/key-material.ts`). */
async function linkOf(system: TestSystem, staffId: string): Promise<string> {
  const identity = await system.database("holdfast-identity");
  const messageId = await identity.prepare("SELECT message_id FROM staff WHERE id = ?").bind(staffId).first<string>("message_id");
  const key = hkdfSync("sha256", TEST_SECRETS.KEY_ENCRYPTION_SECRET, "", "holdfast identity links in mails", 32);
  const mac = createHmac("sha256", Buffer.from(key))
    .update(messageId ?? "")
    .digest("base64url");
  return `${messageId}.${mac}`;
}

async function post<T>({ url }: TestSystem, path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} is refused with ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
