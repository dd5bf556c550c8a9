/** The plain facts of a product and of the chosen variant. Pure. */
import { intlLocale, type PageContext } from "../../page-context.ts";
import type { Product, ProductVariant } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";

interface ProductDetailsProps {
  readonly page: PageContext;
  readonly product: Product;
  readonly variant: ProductVariant | undefined;
}

export function ProductDetails({ page, product, variant }: ProductDetailsProps) {
  const texts = catalogTexts(page.locale).product;
  const facts = [
    [texts.maker, product.vendor],
    [texts.type, product.type],
    [texts.weight, variant === undefined ? "" : weightText(page, variant.weight_grams)],
    [texts.sku, variant?.sku ?? ""],
  ].filter(([, value]) => value !== "");
  if (facts.length === 0) return null;
  return (
    <section class="product-details" aria-labelledby="details-heading">
      <h2 id="details-heading">{texts.details}</h2>
      <dl data-part="sku">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const GRAMS_PER_KILOGRAM = 1_000;

/** Empty when the weight is not known. */
function weightText(page: PageContext, grams: number): string {
  if (grams === 0) return "";
  const texts = catalogTexts(page.locale).product;
  const format = new Intl.NumberFormat(intlLocale(page), { maximumFractionDigits: 2 });
  return grams < GRAMS_PER_KILOGRAM
    ? texts.grams(format.format(grams))
    : texts.kilograms(format.format(grams / GRAMS_PER_KILOGRAM));
}
