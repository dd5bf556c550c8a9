/** The choices of the checkout: how the parcel travels and how it is paid. Radio buttons in large labels. Pure. */
import { formatMoney, type PageContext } from "../../page-context.ts";
import type { ShippingOptionView } from "../../peers/carts.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { PAYMENT_METHODS } from "./payment-methods.ts";

interface ChoiceProps {
  /** Of the first choice: where an error's link leads. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly value: string;
  readonly checked: boolean;
  readonly title: string;
  readonly note: string;
  /** At the end of the row, such as a price. */
  readonly end?: string;
  readonly errorId: string | undefined;
}

function Choice({ id, name, value, checked, title, note, end, errorId }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        id={id}
        type="radio"
        name={name}
        value={value}
        checked={checked}
        aria-describedby={errorId}
        {...(name === "shipping_option_id" ? { "data-refresh-now": true } : {})}
      />
      <span class="choice-text">
        <span class="choice-title">{title}</span>
        <span class="choice-note">{note}</span>
      </span>
      {end === undefined ? null : <span class="choice-end">{end}</span>}
    </label>
  );
}

interface ShippingProps {
  readonly page: PageContext;
  readonly options: readonly ShippingOptionView[];
  readonly option: ShippingOptionView | undefined;
  readonly error: string | undefined;
}

export function ShippingChoices({ page, options, option, error }: ShippingProps) {
  const { checkout, cart } = checkoutTexts(page.locale);
  if (options.length === 0) return <p>{checkout.shippingNone}</p>;
  return (
    <div class="choices">
      {options.map(({ id, name, price, estimated_days }, index) => (
        <Choice
          id={index === 0 ? "shipping_option_id" : undefined}
          name="shipping_option_id"
          value={id}
          checked={id === option?.id}
          title={optionName(page, id, name)}
          note={checkout.days(estimated_days)}
          end={price.amount_minor === 0 ? cart.shippingFree : formatMoney(page, price)}
          errorId={error === undefined ? undefined : "shipping_option_id-error"}
        />
      ))}
      <ChoiceError id="shipping_option_id" error={error} />
    </div>
  );
}

/** The shop's default rates have names in every language; an operator's own keep theirs. */
export function optionName(page: Pick<PageContext, "locale">, id: string, name: string): string {
  const { options } = checkoutTexts(page.locale).checkout;
  return Object.hasOwn(options, id) ? (options[id] ?? name) : name;
}

interface PaymentProps {
  readonly page: PageContext;
  readonly chosen: string;
  readonly error: string | undefined;
}

export function PaymentChoices({ page, chosen, error }: PaymentProps) {
  const { checkout } = checkoutTexts(page.locale);
  return (
    <div class="choices">
      <p class="choice-lead">{checkout.sandbox}</p>
      {PAYMENT_METHODS.map((id, index) => {
        const [title = id, note = ""] = checkout.methods[id] ?? [];
        const checked = chosen === "" ? index === 0 : id === chosen;
        return (
          <Choice
            id={index === 0 ? "payment_method" : undefined}
            name="payment_method"
            value={id}
            checked={checked}
            title={title}
            note={note}
            errorId={error === undefined ? undefined : "payment_method-error"}
          />
        );
      })}
      <ChoiceError id="payment_method" error={error} />
    </div>
  );
}

function ChoiceError({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  );
}
