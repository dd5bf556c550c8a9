/**
 * An address becomes one's own: by its link and a sign-in to the very account, or by a password reset. The link alone is not
 * enough, else whoever registers with somebody's address had it confirmed by a careless click of its owner, and with it
 * the owner's guest orders. Confirming closes the other claims on the address (docs/decisions/005-registration.md).
 */
import { and, eq, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import { err, ok, type Result } from "../shared/result.ts";
import { logger, newContext } from "../shared/telemetry.ts";
import { announceMessage, closingMessages, findByLink, open, writeMessage, writingMessage } from "./account-message.ts";
import type { Database, Store } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { revocation } from "./revoke-sessions.ts";
import { accountMessages, type CustomerRow, customers, sessions } from "./schema.ts";

export type ConfirmError = Extract<IdentityError, { code: "invalid_link" | "email_in_use" }>;

/** @returns the customer as changed. */
export async function confirmEmail(
  store: Store,
  customer: CustomerRow,
  token: string,
  nowMs: number,
): Promise<Result<CustomerRow, ConfirmError>> {
  const found = await findByLink(store, token, ["confirm_email", "change_email"], nowMs);
  if (found === undefined || found.customer.id !== customer.id) return err({ code: "invalid_link" });
  const { message } = found;
  if (message.kind === "confirm_email" && message.emailNormalized !== customer.emailNormalized)
    return err({ code: "invalid_link" });
  const passwordHash = message.nextPasswordHash ?? customer.passwordHash;
  if (await isTaken(store.database, customer.id, message.emailNormalized, passwordHash)) return err({ code: "email_in_use" });
  const notice = message.kind === "change_email" ? writingMessage(store.database, oldAddressNotice(customer), nowMs) : undefined;
  const [confirmed] = await store.database.batch([
    store.database
      .update(customers)
      .set({
        email: message.email,
        emailNormalized: message.emailNormalized,
        emailConfirmedAtMs: nowMs,
        ordersToldAtMs: null,
        passwordHash,
        updatedAtMs: nowMs,
      })
      .where(and(eq(customers.id, customer.id), eq(customers.passwordHash, customer.passwordHash), stillOpen(message.id, nowMs)))
      .returning(),
    ...closingOtherClaims(store.database, customer.id, message.emailNormalized, nowMs),
    closingMessages(store.database, customer.id, ["confirm_email", "change_email", "reset_password"], nowMs),
    ...(notice?.statements ?? []),
  ]);
  const changed = confirmed[0];
  if (changed === undefined) return err({ code: "invalid_link" });
  if (notice !== undefined) await announceMessage(store, notice.id);
  return ok(changed);
}

function stillOpen(messageId: string, nowMs: number) {
  return sql`EXISTS (SELECT 1 FROM ${accountMessages} WHERE ${open(messageId, nowMs)})`;
}

function oldAddressNotice(customer: CustomerRow) {
  const { id: customerId, email, emailNormalized } = customer;
  return { customerId, kind: "email_changed", email, emailNormalized } as const;
}

/** Confirmed by another account, or claimed by one with the very password: the pair would open two accounts. */
async function isTaken(database: Database, customerId: string, emailNormalized: string, passwordHash: string): Promise<boolean> {
  const other = await database
    .select({ id: customers.id })
    .from(customers)
    .where(
      and(
        eq(customers.emailNormalized, emailNormalized),
        or(isNotNull(customers.emailConfirmedAtMs), eq(customers.passwordHash, passwordHash)),
        ne(customers.id, customerId),
      ),
    )
    .get();
  return other !== undefined;
}

/** For a batch, after the confirming statement: nothing happens unless that confirmed. */
export function closingOtherClaims(database: Database, customerId: string, emailNormalized: string, nowMs: number) {
  const confirmedNow = sql`EXISTS (SELECT 1 FROM customers AS owner WHERE owner.id = ${customerId}
    AND owner.email_normalized = ${emailNormalized} AND owner.email_confirmed_at_ms = ${nowMs})`;
  const others = and(eq(customers.emailNormalized, emailNormalized), ne(customers.id, customerId), confirmedNow);
  const otherIds = database.select({ id: customers.id }).from(customers).where(others);
  return [
    database
      .update(sessions)
      .set(revocation("revoked", nowMs))
      .where(and(isNull(sessions.revokedAtMs), sql`${sessions.customerId} IN ${otherIds}`)),
    database.update(customers).set({ status: "disabled", updatedAtMs: nowMs }).where(others),
  ] as const;
}

/** Nobody who is confirmed is asked again. */
export async function askToConfirm(store: Store, customer: CustomerRow, nowMs: number): Promise<void> {
  if (customer.emailConfirmedAtMs !== null) return;
  const { id: customerId, email, emailNormalized } = customer;
  await writeMessage(store, { customerId, kind: "confirm_email", email, emailNormalized }, nowMs);
}

const TOLD_PER_RUN = 50;

/** Tells orders whose a confirmed address is. What fails is told again by the schedule. */
export async function tellOrders(store: Store, nowMs: number, customerId?: string): Promise<void> {
  const untold = and(
    isNotNull(customers.emailConfirmedAtMs),
    isNull(customers.ordersToldAtMs),
    customerId === undefined ? undefined : eq(customers.id, customerId),
  );
  const rows = await store.database.select().from(customers).where(untold).limit(TOLD_PER_RUN);
  for (const { id, emailNormalized } of rows) {
    try {
      await store.orders.ownAddress(id, emailNormalized, newContext());
      await store.database
        .update(customers)
        .set({ ordersToldAtMs: nowMs })
        .where(and(eq(customers.id, id), eq(customers.emailNormalized, emailNormalized)));
    } catch (error) {
      logger("identity").warn("orders_not_told", { customer: id, reason: String(error) });
    }
  }
}
