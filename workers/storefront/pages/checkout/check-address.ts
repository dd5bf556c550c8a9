/** What of a typed address is wrong, and the address as it is sent on. Messages are the texts' keys. Pure. */
import * as z from "zod";
import type { Locale } from "../../page-context.ts";
import type { AddressView } from "../../peers/orders.ts";
import { type AddressField, addressFormat, CHECKOUT_COUNTRIES, postalCodeIn } from "./address-formats.ts";
import { regionValue } from "./regions.ts";

export type TypedAddress = Readonly<Record<AddressField | "country", string>>;

/** `required`: left empty. `invalid`: not of the form that it must have. `too_long`: beyond what a label holds. */
export type FieldFault = "required" | "invalid" | "too_long";
export type AddressFaults = Readonly<Partial<Record<AddressField | "country", FieldFault>>>;

/** The longest that the public API takes. */
export const LENGTHS: Readonly<Record<AddressField, number>> = {
  name: 100,
  line1: 200,
  line2: 200,
  city: 100,
  region: 100,
  postal_code: 16,
  phone: 31,
};
const OPTIONAL: ReadonlySet<AddressField> = new Set(["line2", "phone", "region"]);
const PHONE = /^\+?[0-9][0-9 ().-]{3,30}$/;

export interface CheckedAddress {
  readonly faults: AddressFaults;
  /** In the form that the API takes; null while there are faults. */
  readonly address: AddressView | null;
}

export function checkAddress(typed: TypedAddress, locale: Locale): CheckedAddress {
  const tidy = tidied(typed, locale);
  const faults = faultsOf(typed, tidy);
  return { faults, address: Object.keys(faults).length === 0 ? addressOf(tidy) : null };
}

/** One line, no control characters, the postal code and the region in the country's own form. */
function tidied(typed: TypedAddress, locale: Locale): TypedAddress {
  const format = addressFormat(typed.country);
  const clean = (text: string) =>
    text
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ")
      .replace(/\s+/gu, " ")
      .trim();
  const shown = new Set(format.rows.flat());
  const region = shown.has("region") ? clean(typed.region) : "";
  return {
    name: clean(typed.name),
    line1: clean(typed.line1),
    line2: clean(typed.line2),
    city: clean(typed.city),
    region: format.regions.length === 0 ? region : (regionValue(format.regions, region, locale) ?? ""),
    postal_code: postalCodeIn(format, typed.postal_code) ?? "",
    country: typed.country,
    phone: clean(typed.phone.normalize("NFKC")),
  };
}

function faultsOf(typed: TypedAddress, tidy: TypedAddress): AddressFaults {
  const format = addressFormat(typed.country);
  const faults: Partial<Record<AddressField | "country", FieldFault>> = {};
  for (const field of format.rows.flat()) {
    const required = !OPTIONAL.has(field) || (field === "region" && format.regionRequired);
    const empty = typed[field].trim() === "";
    if (empty && required) faults[field] = "required";
    else if (!empty && tidy[field] === "") faults[field] = "invalid";
    else if (tidy[field].length > LENGTHS[field]) faults[field] = "too_long";
  }
  if (tidy.phone !== "" && !PHONE.test(tidy.phone)) faults.phone = "invalid";
  if (!CHECKOUT_COUNTRIES.includes(typed.country)) faults.country = typed.country === "" ? "required" : "invalid";
  return faults;
}

function addressOf(tidy: TypedAddress): AddressView {
  const { name, line1, line2, city, region, postal_code, country, phone } = tidy;
  return {
    name,
    line1,
    ...(line2 === "" ? {} : { line2 }),
    city,
    ...(region === "" ? {} : { region }),
    postal_code,
    country,
    ...(phone === "" ? {} : { phone }),
  };
}

const Email = z.email().max(254);

/** Undefined: no such address. The public API takes the same ones. */
export function emailIn(typed: string): string | undefined {
  return Email.safeParse(typed.normalize("NFKC").trim()).data;
}
