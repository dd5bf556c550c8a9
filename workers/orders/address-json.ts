/** The postal address as the public API takes and gives it. Pure. */
import { z } from "@hono/zod-openapi";
import type { Address } from "./contract.ts";
import { CountryCode } from "./countries.ts";

/** One printable line: control characters would break labels and mail headers. */
function printableLine(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be one line of printable text");
}

export const AddressJson = z
  .strictObject({
    name: printableLine(100),
    line1: printableLine(200),
    line2: printableLine(200).optional(),
    city: printableLine(100),
    region: printableLine(100).optional(),
    postal_code: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 -]{0,15}$/, "must be 1 to 16 letters, digits, spaces or hyphens"),
    country: CountryCode,
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9][0-9 ().-]{3,30}$/, "must be a phone number such as +44 20 7946 0000")
      .optional(),
  })
  .openapi("PostalAddress");
export type AddressJson = z.infer<typeof AddressJson>;

export function addressFromJson(json: AddressJson): Address {
  const { postal_code: postalCode, ...address } = json;
  return { ...address, postalCode };
}

/** Absent parts stay absent. */
export function addressJson(address: Address): AddressJson {
  const { name, line1, line2, city, region, postalCode, country, phone } = address;
  return {
    name,
    line1,
    ...(line2 === undefined ? {} : { line2 }),
    city,
    ...(region === undefined ? {} : { region }),
    postal_code: postalCode,
    country,
    ...(phone === undefined ? {} : { phone }),
  };
}

/** An e-mail address that a mail server may accept: RFC 5321 allows 254 characters. */
export const EmailAddress = z.email().max(254);
