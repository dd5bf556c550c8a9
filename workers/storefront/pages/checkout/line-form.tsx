/** The small forms that change one line of a cart; each is one button, so that it works without scripts. Pure. */
import type { Child } from "hono/jsx";
import { CsrfField } from "../../components/csrf-field.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { link, type PageContext } from "../../page-context.ts";
import { checkoutTexts } from "../../texts/checkout.ts";

export interface LineFormProps {
  readonly page: PageContext;
  /** Where the shopper is now and stays. */
  readonly backTo: "cart" | "checkout";
}

interface SetLineProps extends LineFormProps {
  readonly sku: string;
  /** 0 removes. */
  readonly quantity: number;
  readonly variant: "primary" | "secondary" | "quiet";
  /** When the text alone does not say which line. */
  readonly label?: string;
  readonly children?: Child;
}

export function SetLine({ page, backTo, sku, quantity, variant, label, children }: SetLineProps) {
  return (
    <form method="post" action={link(page, "/cart/lines/update")} class="line-form">
      <CsrfField page={page} />
      <input type="hidden" name="return" value={backTo} />
      <input type="hidden" name="sku" value={sku} />
      <SubmitButton variant={variant} name="set" value={String(quantity)} {...(label === undefined ? {} : { label })}>
        {children}
      </SubmitButton>
    </form>
  );
}

interface ShortageProps extends LineFormProps {
  readonly sku: string;
  readonly title: string;
  /** Units that are left. */
  readonly left: number;
}

/** What can be done about a line that wants more than there is. */
export function ShortageActions({ page, backTo, sku, title, left }: ShortageProps) {
  const { cart, stock } = checkoutTexts(page.locale);
  return (
    <div class="shortage-actions">
      {left === 0 ? null : (
        <SetLine page={page} backTo={backTo} sku={sku} quantity={left} variant="primary">
          {left === 1 ? stock.takeOne : stock.takeLeft(left)}
        </SetLine>
      )}
      <SetLine page={page} backTo={backTo} sku={sku} quantity={0} variant="secondary" label={cart.removeOf(title)}>
        {cart.remove}
      </SetLine>
    </div>
  );
}

/** Every short line at once. */
export function FixAll({ page, backTo }: LineFormProps) {
  return (
    <form method="post" action={link(page, "/cart/lines/update")} class="line-form">
      <CsrfField page={page} />
      <input type="hidden" name="return" value={backTo} />
      <SubmitButton name="fix" value="1">
        {checkoutTexts(page.locale).stock.fixAll}
      </SubmitButton>
    </form>
  );
}
