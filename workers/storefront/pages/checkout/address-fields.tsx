/** The fields of a delivery address in the order and with the names that its country uses. Pure. */

import { Field, SelectField } from "../../components/field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { sortedCountries } from "../../country-names.ts";
import type { PageContext } from "../../page-context.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { type AddressField, addressFormat, CHECKOUT_COUNTRIES } from "./address-formats.ts";
import { LENGTHS } from "./check-address.ts";
import type { CheckoutValues } from "./checkout-values.ts";
import { type FieldErrors, fieldLabel } from "./field-errors.ts";
import { regionOptions, regionValue } from "./regions.ts";

export interface FieldsProps {
  readonly page: PageContext;
  readonly values: CheckoutValues;
  readonly errors: FieldErrors;
}

const AUTOCOMPLETE: Readonly<Record<AddressField, string>> = {
  name: "shipping name",
  line1: "shipping address-line1",
  line2: "shipping address-line2",
  city: "shipping address-level2",
  region: "shipping address-level1",
  postal_code: "shipping postal-code",
  phone: "shipping tel",
};

/** The country comes first: the other fields follow from it. */
export function CountryField({ page, values, errors }: FieldsProps) {
  const { address, checkout } = checkoutTexts(page.locale);
  return (
    <div class="country-field" data-refresh-now>
      <SelectField
        page={page}
        name="country"
        label={address.country}
        value={values.country}
        error={errors.country}
        required
        autocomplete="shipping country"
        options={[...(values.country === "" ? [{ value: "", label: address.choose }] : []), ...countryOptions(page)]}
      />
      <SubmitButton variant="secondary" name="action" value="update">
        {checkout.updateCountry}
      </SubmitButton>
    </div>
  );
}

function countryOptions(page: PageContext): { readonly value: string; readonly label: string }[] {
  return sortedCountries(page, CHECKOUT_COUNTRIES).map(({ code, name }) => ({ value: code, label: name }));
}

export function AddressFields(props: FieldsProps) {
  const { rows } = addressFormat(props.values.country);
  return (
    <div class="address-fields">
      {rows.map((row) => (
        <div class={`address-row address-row-${row.join("-")}`}>
          {row.map((field) => (
            <AddressPart {...props} field={field} />
          ))}
        </div>
      ))}
    </div>
  );
}

function AddressPart({ page, values, errors, field }: FieldsProps & { readonly field: AddressField }) {
  const texts = checkoutTexts(page.locale);
  const format = addressFormat(values.country);
  const common = {
    page,
    name: field,
    label: fieldLabel(field, values.country, texts),
    error: errors[field],
    autocomplete: AUTOCOMPLETE[field],
    class: `field-${field}`,
  };
  if (field === "region" && format.regions.length > 0) {
    const value = regionValue(format.regions, values.region, page.locale) ?? "";
    const options = [{ value: "", label: texts.address.choose }, ...regionOptions(format.regions, page.locale)];
    return <SelectField {...common} value={value} options={options} required />;
  }
  const required = field === "region" ? format.regionRequired : field !== "line2" && field !== "phone";
  return (
    <Field
      {...common}
      value={values[field]}
      required={required}
      maxlength={field === "postal_code" ? undefined : LENGTHS[field]}
      {...(field === "phone" ? { type: "tel" as const, hint: texts.address.phoneHint } : {})}
    />
  );
}
