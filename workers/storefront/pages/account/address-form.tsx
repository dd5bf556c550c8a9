/** The form of one saved address, with the fields that its country asks for. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { AccountAddress, AddressChange } from "../../peers/account.ts";
import { renderPage } from "../../render-page.tsx";
import { accountTexts } from "../../texts/account.ts";
import { AddressFields, CountryField } from "../checkout/address-fields.tsx";
import { CHECKOUT_COUNTRIES } from "../checkout/address-formats.ts";
import { checkAddress, type TypedAddress } from "../checkout/check-address.ts";
import { EMPTY_VALUES } from "../checkout/checkout-values.ts";
import { type FieldErrors, fieldErrors } from "../checkout/field-errors.ts";
import { AccountFrame } from "./account-frame.tsx";
import { type FormTexts, readForm } from "./form-text.ts";

/** As identity keeps it. */
const LABEL_LENGTH_MAX = 50;

export interface AddressForm {
  readonly typed: TypedAddress;
  readonly label: string;
  readonly isDefault: boolean;
  readonly errors: FieldErrors;
  /** Shown above the form. */
  readonly refusal: string | null;
}

export function emptyForm(page: PageContext, name: string): AddressForm {
  const { country } = page.market;
  const typed = { ...EMPTY_VALUES, name, country: CHECKOUT_COUNTRIES.includes(country) ? country : "" };
  return { typed, label: "", isDefault: false, errors: {}, refusal: null };
}

export function formOf(address: AccountAddress): AddressForm {
  const { name, line1, line2, city, region, postal_code, country, phone, label, default_shipping: isDefault } = address;
  const typed = { name, line1, line2: line2 ?? "", city, region: region ?? "", postal_code, country, phone: phone ?? "" };
  return { typed, label: label ?? "", isDefault, errors: {}, refusal: null };
}

/** What was sent: an address to save, or a form to show again. */
export type SentAddress =
  | { readonly kind: "save"; readonly change: AddressChange; readonly form: AddressForm }
  | { readonly kind: "show"; readonly form: AddressForm };

export async function takeAddressForm(c: Context<StorefrontHono>): Promise<SentAddress> {
  const { page } = c.var;
  const sent = await readForm(c);
  const form = sentForm(sent);
  // Every other button, and the script when the country changes, only asks for the country's fields.
  if (sent.text("action") !== "save") return { kind: "show", form };
  const { faults, address } = checkAddress(form.typed, page.locale);
  if (address === null) {
    const refusal = accountTexts(page.locale).formRefused;
    return { kind: "show", form: { ...form, errors: fieldErrors(page, faults, form.typed.country), refusal } };
  }
  const { line2 = null, region = null, phone = null } = address;
  const label = form.label === "" ? null : form.label.slice(0, LABEL_LENGTH_MAX);
  const defaults = form.isDefault ? { default_shipping: true, default_billing: true } : {};
  return { kind: "save", change: { ...address, line2, region, phone, label, ...defaults }, form };
}

function sentForm(sent: FormTexts): AddressForm {
  const typed = {
    name: sent.text("name"),
    line1: sent.text("line1"),
    line2: sent.text("line2"),
    city: sent.text("city"),
    region: sent.text("region"),
    postal_code: sent.text("postal_code"),
    country: sent.text("country"),
    phone: sent.text("phone"),
  };
  const label = sent.text("label").replace(/\p{C}/gu, " ").trim();
  return { typed, label, isDefault: sent.checked("default"), errors: {}, refusal: null };
}

/** @param id null for a new address. */
export async function addressPage(c: Context<StorefrontHono>, id: string | null, form: AddressForm): Promise<Response> {
  const { page } = c.var;
  const { addresses: texts } = accountTexts(page.locale);
  const title = id === null ? texts.newTitle : texts.editTitle;
  const path = `/account/addresses/${id ?? "new"}`;
  return await renderPage(
    c,
    { title, noindex: true, status: form.refusal === null ? 200 : 422 },
    <AccountFrame page={page} title={title}>
      {form.refusal === null ? null : <Notice tone="error">{form.refusal}</Notice>}
      <form
        class="account-form"
        method="post"
        action={link(page, path)}
        novalidate
        data-island="refresh-form"
        data-refresh="account-address"
      >
        <CsrfField page={page} />
        {/* The first button is what Enter presses; the second is what the script presses when the country changes. */}
        <button type="submit" name="action" value="save" hidden>
          {accountTexts(page.locale).save}
        </button>
        <button type="submit" name="action" value="update" hidden data-refresh-button>
          {accountTexts(page.locale).save}
        </button>
        <AddressInputs page={page} form={form} />
      </form>
    </AccountFrame>,
  );
}

function AddressInputs({ page, form }: { readonly page: PageContext; readonly form: AddressForm }) {
  const texts = accountTexts(page.locale);
  const fields = { page, values: { ...EMPTY_VALUES, ...form.typed }, errors: form.errors };
  return (
    <>
      <div class="account-address" data-part="account-address">
        <CountryField {...fields} />
        <AddressFields {...fields} />
      </div>
      <Field
        page={page}
        name="label"
        label={texts.addresses.label}
        hint={texts.addresses.labelHint}
        value={form.label}
        autocomplete="off"
        maxlength={LABEL_LENGTH_MAX}
      />
      <label class="choice">
        <input type="checkbox" name="default" value="yes" checked={form.isDefault} />
        <span>{texts.addresses.asDefault}</span>
      </label>
      <div class="account-form-ways">
        <SubmitButton name="action" value="save">
          {texts.save}
        </SubmitButton>
        <a class="button button-secondary" href={link(page, "/account/addresses")}>
          {texts.cancel}
        </a>
      </div>
    </>
  );
}
