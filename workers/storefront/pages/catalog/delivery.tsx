/** What delivery of one piece would cost in the shopper's country: the cheapest way, and from when it is free. Pure. */
import { countryName } from "../../country-names.ts";
import { formatMoney, link, type PageContext } from "../../page-context.ts";
import type { ProductVariant, ShippingOption } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";

interface DeliveryProps {
  readonly page: PageContext;
  readonly variant: ProductVariant;
  /** Cheapest first; undefined when orders could not be asked. */
  readonly options: readonly ShippingOption[] | undefined;
}

export function Delivery({ page, variant, options }: DeliveryProps) {
  const texts = catalogTexts(page.locale).product;
  return (
    <section class="delivery" aria-labelledby="delivery-heading" data-part="delivery">
      <h2 id="delivery-heading">{texts.delivery}</h2>
      {variant.requires_shipping ? <Estimate page={page} options={options} /> : <p>{texts.noShipping}</p>}
      {variant.requires_shipping ? <p>{texts.returns}</p> : null}
      <a href={link(page, "/pages/shipping")}>{texts.deliveryMore}</a>
    </section>
  );
}

function Estimate({ page, options }: Omit<DeliveryProps, "variant">) {
  const texts = catalogTexts(page.locale).product;
  if (options === undefined) return <p>{texts.deliveryLater}</p>;
  const country = countryName(page, page.market.country);
  const [cheapest] = options;
  if (cheapest === undefined) return <p>{texts.deliveryNone(country)}</p>;
  const isFree = cheapest.price.amount_minor === 0;
  return (
    <p>
      <strong>{isFree ? texts.deliveryFree(country) : texts.deliveryFrom(country, formatMoney(page, cheapest.price))}</strong>
      <br />
      {texts.deliveryDays(cheapest.estimated_days)}
      {cheapest.free_above === null || isFree ? null : <>. {texts.freeFrom(formatMoney(page, cheapest.free_above))}</>}
    </p>
  );
}
