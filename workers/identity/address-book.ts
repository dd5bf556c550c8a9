/** A customer's addresses. At most one is the default for shipping and one for billing; the first is both. */
import { and, eq, ne, sql } from "drizzle-orm";
import { newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Database } from "./env.ts";
import type { IdentityError } from "./errors.ts";
import { type AddressRow, addresses } from "./schema.ts";

/** A whole book fits one answer. */
export const ADDRESSES_MAX = 50;

export type AddressFields = Omit<AddressRow, "id" | "customerId" | "createdAtMs" | "updatedAtMs">;
export type AddressChange = { readonly [Field in keyof AddressFields]?: AddressFields[Field] | undefined };

export type AddAddressError = Extract<IdentityError, { code: "address_limit_reached" }>;

/** Oldest first. */
export async function listAddresses(database: Database, customerId: string): Promise<AddressRow[]> {
  return await database.select().from(addresses).where(eq(addresses.customerId, customerId)).orderBy(addresses.id);
}

export async function addAddress(
  database: Database,
  customerId: string,
  fields: AddressFields,
  nowMs: number,
): Promise<Result<AddressRow, AddAddressError>> {
  const count = await database.$count(addresses, eq(addresses.customerId, customerId));
  if (count >= ADDRESSES_MAX) return err({ code: "address_limit_reached", limit: ADDRESSES_MAX });
  const row: AddressRow = {
    ...fields,
    id: newId("addr", nowMs),
    customerId,
    defaultShipping: fields.defaultShipping || count === 0,
    defaultBilling: fields.defaultBilling || count === 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  await database.batch([yieldingDefaults(database, customerId, row.id, row), database.insert(addresses).values(row)]);
  return ok(row);
}

/** @returns undefined when this customer has no such address. */
export async function changeAddress(
  database: Database,
  customerId: string,
  addressId: string,
  change: AddressChange,
  nowMs: number,
): Promise<AddressRow | undefined> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const takes = { defaultShipping: change.defaultShipping === true, defaultBilling: change.defaultBilling === true };
  const own = and(eq(addresses.id, addressId), eq(addresses.customerId, customerId));
  const exists = await database.select({ id: addresses.id }).from(addresses).where(own).get();
  if (exists === undefined) return undefined;
  const [, changed] = await database.batch([
    yieldingDefaults(database, customerId, addressId, takes),
    database
      .update(addresses)
      .set({ ...given, updatedAtMs: nowMs })
      .where(own)
      .returning(),
  ]);
  return changed[0];
}

/** @returns false when this customer has no such address. */
export async function removeAddress(database: Database, customerId: string, addressId: string): Promise<boolean> {
  const removed = await database
    .delete(addresses)
    .where(and(eq(addresses.id, addressId), eq(addresses.customerId, customerId)))
    .returning({ id: addresses.id });
  return removed.length > 0;
}

/** The other addresses give up the defaults that this one takes; first in its batch, so that the unique indexes hold. */
function yieldingDefaults(
  database: Database,
  customerId: string,
  addressId: string,
  takes: { readonly defaultShipping: boolean; readonly defaultBilling: boolean },
) {
  return database
    .update(addresses)
    .set({
      defaultShipping: takes.defaultShipping ? sql`0` : sql`${addresses.defaultShipping}`,
      defaultBilling: takes.defaultBilling ? sql`0` : sql`${addresses.defaultBilling}`,
    })
    .where(and(eq(addresses.customerId, customerId), ne(addresses.id, addressId)));
}
