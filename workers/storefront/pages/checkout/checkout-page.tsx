/** The checkout: contact, address, delivery, payment and review on one page, in one form that works without scripts. */
import type { Context } from "hono";
import { CsrfField } from "../../components/csrf-field.tsx";
import { Field } from "../../components/field.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import { renderPage } from "../../render-page.tsx";
import { checkoutTexts } from "../../texts/checkout.ts";
import { returnQuery } from "../account/return-address.ts";
import { AddressFields, CountryField } from "./address-fields.tsx";
import { countOf } from "./cart-page.tsx";
import { leftOf, shortLines } from "./check-stock.ts";
import { ErrorSummary, type Refusal, RefusalNotice } from "./checkout-notices.tsx";
import { PaymentChoices, ShippingChoices } from "./choices.tsx";
import type { FieldErrors } from "./field-errors.ts";
import type { LoadedCheckout } from "./load-checkout.ts";
import { type FormerPrices, Review } from "./review.tsx";

export interface CheckoutPageProps {
  readonly loaded: LoadedCheckout;
  readonly attempt: string;
  readonly errors?: FieldErrors;
  readonly refusal?: Refusal | undefined;
  readonly former?: FormerPrices;
  readonly status?: number;
}

export async function renderCheckout(c: Context<StorefrontHono>, props: CheckoutPageProps): Promise<Response> {
  const { page } = c.var;
  const { title } = checkoutTexts(page.locale).checkout;
  return await renderPage(
    c,
    {
      title,
      noindex: true,
      hideNavigation: true,
      cartCount: countOf(props.loaded.cart),
      bodyClass: "page-checkout",
      status: props.status ?? 200,
    },
    <Checkout page={page} {...props} />,
  );
}

function Checkout({
  page,
  loaded,
  attempt,
  errors = {},
  refusal,
  former = new Map(),
}: CheckoutPageProps & { readonly page: PageContext }) {
  const { cart, stock, options } = loaded;
  const { checkout } = checkoutTexts(page.locale);
  const short = shortLines(cart.lines, stock);
  const shown = refusal ?? (short.length === 0 ? undefined : shortageOf(loaded));
  const blocked = short.length > 0 || shown?.kind === "out_of_stock" || options.length === 0;
  return (
    <div class="checkout">
      <h1>{checkout.title}</h1>
      <div data-part="checkout-notices">
        {shown === undefined ? null : <RefusalNotice page={page} refusal={shown} />}
        <ErrorSummary page={page} errors={errors} />
      </div>
      <form
        class="checkout-form"
        method="post"
        action={link(page, "/checkout")}
        novalidate
        data-island="refresh-form"
        data-refresh="checkout-notices checkout-address checkout-shipping checkout-review"
      >
        <CsrfField page={page} />
        {/* The first button is what Enter presses. */}
        <button type="submit" name="action" value="pay" hidden disabled={blocked}>
          {checkout.place}
        </button>
        <div class="checkout-fields">
          <ContactSection page={page} loaded={loaded} errors={errors} />
          <fieldset class="checkout-section">
            <legend>{checkout.address}</legend>
            <div data-part="checkout-address" class="checkout-address">
              <CountryField page={page} values={loaded.values} errors={errors} />
              <AddressFields page={page} values={loaded.values} errors={errors} />
            </div>
          </fieldset>
          <fieldset class="checkout-section">
            <legend>{checkout.shipping}</legend>
            <div data-part="checkout-shipping">
              <ShippingChoices page={page} options={options} option={loaded.option} error={errors.shipping_option_id} />
            </div>
          </fieldset>
          <fieldset class="checkout-section">
            <legend>{checkout.payment}</legend>
            <PaymentChoices page={page} chosen={loaded.values.payment_method} error={errors.payment_method} />
          </fieldset>
        </div>
        <section class="summary checkout-review" aria-labelledby="review-title" data-part="checkout-review">
          <Review page={page} loaded={loaded} former={former} attempt={attempt} blocked={blocked} />
        </section>
      </form>
    </div>
  );
}

/** What live stock says before anybody has tried to pay. */
function shortageOf({ cart, stock }: LoadedCheckout): Refusal {
  const lines = shortLines(cart.lines, stock).map((line) => ({ line, left: leftOf(line, stock) ?? 0 }));
  return { kind: "out_of_stock", lines };
}

function ContactSection({
  page,
  loaded,
  errors,
}: { readonly page: PageContext } & Pick<CheckoutPageProps, "loaded"> & { readonly errors: FieldErrors }) {
  const { checkout } = checkoutTexts(page.locale);
  const signedIn = page.principal.kind === "customer";
  return (
    <fieldset class="checkout-section">
      <legend>{checkout.contact}</legend>
      {signedIn ? null : (
        <p class="checkout-sign-in">
          {checkout.signInLead} <a href={link(page, `/account/sign-in${returnQuery("/checkout")}`)}>{checkout.signIn}</a>
        </p>
      )}
      <Field
        page={page}
        name="email"
        type="email"
        label={checkout.email}
        value={loaded.values.email}
        error={errors.email}
        hint={checkout.emailHint}
        autocomplete="email"
        maxlength={254}
        required
      />
    </fieldset>
  );
}
