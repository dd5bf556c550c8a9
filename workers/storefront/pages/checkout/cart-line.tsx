/** One line of the cart's page: picture, price, quantity, what the stock says, and what to do when it is short. Pure. */
import { CsrfField } from "../../components/csrf-field.tsx";
import { Picture } from "../../components/picture.tsx";
import { SubmitButton } from "../../components/submit-button.tsx";
import { StockLine } from "../../islands/markup/stock-line.tsx";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { CartLineView } from "../../peers/carts.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { QUANTITY_TYPED_MAX } from "./cart-forms.ts";
import { leftOf, type StockBySku } from "./check-stock.ts";
import { SetLine, ShortageActions } from "./line-form.tsx";

interface CartLineProps {
  readonly page: PageContext;
  readonly line: CartLineView;
  readonly stock: StockBySku;
}

export function CartLine({ page, line, stock }: CartLineProps) {
  const { cart, stock: texts } = checkoutTexts(page.locale);
  const left = leftOf(line, stock);
  const href = link(page, `/products/${encodeURIComponent(line.handle)}`);
  return (
    <li class={`cart-line${left === undefined ? "" : " cart-line-short"}`}>
      <div class="cart-line-picture">
        <Picture src={line.image} alt="" width={160} height={200} sizes="7rem" />
      </div>
      <div class="cart-line-facts">
        <h2 class="cart-line-title">
          <a href={href}>{line.title}</a>
        </h2>
        {line.quantity > 1 ? <p class="cart-line-each">{cart.each(formatMoney(page, line.unit_price))}</p> : null}
        {left === undefined ? (
          <StockLine page={page} sku={line.sku} level={stock.get(line.sku)} wanted={line.quantity} mode="poll" />
        ) : null}
      </div>
      <p class="cart-line-total">{formatMoney(page, line.total)}</p>
      {left === undefined ? (
        <div class="cart-line-change">
          <QuantityForm page={page} line={line} />
          <SetLine page={page} backTo="cart" sku={line.sku} quantity={0} variant="quiet" label={cart.removeOf(line.title)}>
            {cart.remove}
          </SetLine>
        </div>
      ) : (
        <div class="cart-line-shortage">
          <p>{left === 0 ? texts.soldOut : texts.short(left, line.quantity)}</p>
          <ShortageActions page={page} backTo="cart" sku={line.sku} title={line.title} left={left} />
        </div>
      )}
    </li>
  );
}

function QuantityForm({ page, line }: Omit<CartLineProps, "stock">) {
  const { cart } = checkoutTexts(page.locale);
  const id = `quantity-${line.sku.replaceAll(/\s/g, "_")}`;
  return (
    <form
      method="post"
      action={link(page, "/cart/lines/update")}
      class="quantity-form"
      data-island="refresh-form"
      data-refresh="cart"
      data-refresh-all
    >
      <CsrfField page={page} />
      <input type="hidden" name="sku" value={line.sku} />
      <label class="visually-hidden" for={id}>
        {cart.quantityOf(line.title)}
      </label>
      <input
        class="input"
        id={id}
        name="quantity"
        type="number"
        inputmode="numeric"
        min={0}
        max={Math.max(QUANTITY_TYPED_MAX, line.quantity)}
        value={String(line.quantity)}
        autocomplete="off"
        required
        data-refresh-now
      />
      <SubmitButton variant="secondary" label={cart.updateOf(line.title)}>
        {cart.update}
      </SubmitButton>
    </form>
  );
}
