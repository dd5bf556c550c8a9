/** Price, options, stock and the form that puts a product into the cart. Each option value is a plain link. Pure. */
import { Price } from "../../components/price.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { Product, ProductVariant } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { type OptionChoice, type OptionValue, optionChoices } from "./choose-variant.ts";
import { stockMark } from "./live-stock.tsx";
import { productPath } from "./structured-data.ts";

interface BuyBoxProps {
  readonly page: PageContext;
  readonly product: Product;
  readonly variant: ProductVariant;
  /** Similar products stand further down. */
  readonly hasRelated: boolean;
  readonly deliveryIsFree: boolean;
}

/** The cart refuses more than there is anyway; this keeps slips of the finger away. */
const QUANTITY_MAX = 99;

export function BuyBox({ page, product, variant, hasRelated, deliveryIsFree }: BuyBoxProps) {
  const choices = optionChoices(product.options, product.variants, variant);
  return (
    <>
      <div class="product-price" data-part="price">
        <ProductPrice page={page} variant={variant} deliveryIsFree={deliveryIsFree} />
      </div>
      <div class="product-options" data-part="options">
        {choices.map((choice) => (
          <Options page={page} handle={product.handle} choice={choice} />
        ))}
      </div>
      <div class="product-stock" data-part="stock">
        {stockMark("stock", variant.sku)}
        {hasRelated ? stockMark("advice", variant.sku) : null}
      </div>
      <form class="buy-form" method="post" action={link(page, "/cart/lines")} data-drawer-form>
        <Quantity page={page} />
        <div class="buy-action" data-part="buy">
          <input type="hidden" name="sku" value={variant.sku} />
          {stockMark("button", variant.sku)}
        </div>
      </form>
    </>
  );
}

function Quantity({ page }: Pick<BuyBoxProps, "page">) {
  const texts = catalogTexts(page.locale).product;
  return (
    <div class="buy-quantity">
      <label for="quantity">{texts.quantity}</label>
      <input
        class="input"
        id="quantity"
        name="quantity"
        type="number"
        inputmode="numeric"
        min={1}
        max={QUANTITY_MAX}
        value="1"
        autocomplete="off"
        required
      />
    </div>
  );
}

const PERCENT = 100;

function ProductPrice({ page, variant, deliveryIsFree }: Pick<BuyBoxProps, "page" | "variant" | "deliveryIsFree">) {
  const texts = catalogTexts(page.locale).product;
  const { price, compare_at_price: before } = variant;
  const saving = before === null ? 0 : Math.floor(((before.amount_minor - price.amount_minor) / before.amount_minor) * PERCENT);
  return (
    <>
      <p class="product-amount">
        <Price page={page} price={price} compareAt={before} large />
        {saving > 0 ? <span class="badge badge-sale">{texts.saving(saving)}</span> : null}
      </p>
      <p class="product-tax">
        {page.market.taxIncluded ? texts.taxIncluded : texts.taxExcluded}
        {variant.requires_shipping && !deliveryIsFree ? `${texts.and}${texts.plusShipping}` : ""}
      </p>
    </>
  );
}

interface OptionsProps {
  readonly page: PageContext;
  readonly handle: string;
  readonly choice: OptionChoice;
}

function Options({ page, handle, choice }: OptionsProps) {
  return (
    <fieldset class="product-option">
      <legend>
        {choice.name} <span class="product-option-chosen">{choice.selected}</span>
      </legend>
      <ul class="option-chips">
        {choice.values.map((value) => (
          <li>
            <Choice page={page} handle={handle} index={choice.index} value={value} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface ChoiceProps extends Omit<OptionsProps, "choice"> {
  readonly index: number;
  readonly value: OptionValue;
}

function Choice({ page, handle, index, value }: ChoiceProps) {
  const texts = catalogTexts(page.locale).product;
  const href = `${link(page, productPath(handle))}?variant=${encodeURIComponent(value.sku)}`;
  return (
    <a
      class={`option-chip${value.exact ? "" : " option-chip-other"}`}
      href={href}
      rel="nofollow"
      data-variant-choice={`${index}:${value.value}`}
      aria-current={value.selected ? "true" : undefined}
    >
      <span>{value.value}</span>
      {value.exact ? stockMark("option", value.sku) : <span class="visually-hidden"> ({texts.unavailableCombination})</span>}
    </a>
  );
}
