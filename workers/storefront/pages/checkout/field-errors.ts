/** Faults of the checkout's fields in the shopper's words, in the order of the page. Pure. */
import type { PageContext } from "../../page-context.ts";
import { type CheckoutTexts, checkoutTexts } from "../../texts/checkout.ts";
import { type AddressField, addressFormat } from "./address-formats.ts";
import { type AddressFaults, type FieldFault, LENGTHS } from "./check-address.ts";
import type { CheckoutField } from "./checkout-values.ts";

export interface FieldErrors extends Readonly<Partial<Record<CheckoutField, string>>> {}

export type CheckoutFaults = AddressFaults &
  Readonly<Partial<Record<"email" | "shipping_option_id" | "payment_method", FieldFault>>>;

/** What a field is called in this country. */
export function fieldLabel(field: AddressField | "country", country: string, { address }: CheckoutTexts): string {
  const format = addressFormat(country);
  switch (field) {
    case "region":
      return address.region[format.regionKind];
    case "postal_code":
      return address.postal[format.postalKind];
    case "line1":
      return country === "JP" ? address.line1Japan : address.line1;
    case "city":
      return country === "JP" ? address.cityJapan : address.city;
    default:
      return address[field];
  }
}

export function fieldErrors(page: Pick<PageContext, "locale">, faults: CheckoutFaults, country: string): FieldErrors {
  const texts = checkoutTexts(page.locale);
  const { errors } = texts;
  const entries = Object.entries(faults).map(([name, fault]) => {
    const field = name as CheckoutField;
    if (field === "email") return [field, fault === "required" ? errors.email.required : errors.email.invalid];
    if (field === "shipping_option_id") return [field, errors.shipping];
    if (field === "payment_method") return [field, errors.payment];
    return [field, addressError(field, fault, country, texts)];
  });
  return Object.fromEntries(entries) as FieldErrors;
}

function addressError(field: AddressField | "country", fault: FieldFault, country: string, texts: CheckoutTexts): string {
  const { errors } = texts;
  const format = addressFormat(country);
  const label = fieldLabel(field, country, texts);
  const isChosen = field === "region" && format.regions.length > 0;
  if (isChosen || field === "country") return errors.chosen(label);
  if (fault === "required") return errors.required(label);
  if (fault === "too_long") return errors.tooLong(label, LENGTHS[field]);
  if (field === "phone") return errors.phone;
  if (field === "postal_code") return errors.postal(label, format.postalCode.example);
  return errors.text(label);
}
