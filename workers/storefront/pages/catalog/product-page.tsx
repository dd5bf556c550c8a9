/** `/products/{handle}`: one product, the chosen variant, what it costs, whether it is there, and the way into the cart. */
import type { Context } from "hono";
import { raw } from "hono/html";
import { cachedPage } from "../../cached-page.ts";
import { Breadcrumbs } from "../../components/breadcrumbs.tsx";
import { Notice } from "../../components/notice.tsx";
import type { StorefrontHono } from "../../env.ts";
import { notFoundPage, unavailablePage } from "../../error-pages.tsx";
import type { PageContext } from "../../page-context.ts";
import type { BuiltPage } from "../../page-options.ts";
import { inTime } from "../../peers/ask.ts";
import {
  type ListItem,
  type Product,
  type ProductVariant,
  readAvailability,
  readProduct,
  readProducts,
  readShippingEstimate,
  type ShippingOption,
} from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { shellTexts } from "../../texts/shell.ts";
import { BuyBox } from "./buy-box.tsx";
import { chosenVariant } from "./choose-variant.ts";
import { Delivery } from "./delivery.tsx";
import { Gallery } from "./gallery.tsx";
import { freshStock, stockMark } from "./live-stock.tsx";
import { ProductDetails } from "./product-details.tsx";
import { ProductGrid } from "./product-grid.tsx";
import { isSafeDescription, nestHeadings, plainDescription } from "./safe-description.ts";
import { breadcrumbData, categoryPath, productData, productPath } from "./structured-data.ts";

/** For facts that the page can do without. */
const OPTIONAL_DEADLINE_MS = 1_500;
const RELATED_COUNT = 4;
const META_DESCRIPTION_LENGTH_MAX = 160;

export async function productPage(c: Context<StorefrontHono>): Promise<Response> {
  const handle = c.req.param("handle") ?? "";
  return await cachedPage(c, (page) => buildProductPage(c, page, handle), freshStock);
}

async function buildProductPage(c: Context<StorefrontHono>, page: PageContext, handle: string): Promise<BuiltPage | Response> {
  const answer = await readProduct(page, page.market.currency, handle);
  if (!answer.ok) return answer.error.status >= 500 ? unavailablePage(c, answer.error) : missingProduct(c);
  const product = answer.value;
  const wanted = new URLSearchParams(page.search).get("variant") ?? undefined;
  const variant = await startVariant(page, product, wanted);
  const [related, delivery] = await Promise.all([relatedProducts(page, product), deliveryOptions(page, variant)]);
  const gone = wanted !== undefined && variant !== undefined && variant.sku !== wanted;
  const view = { page, product, variant, related, delivery, gone };
  return { options: pageOptions(view), body: <ProductView {...view} /> };
}

async function missingProduct(c: Context<StorefrontHono>): Promise<Response> {
  const texts = catalogTexts(c.var.page.locale);
  const all = { path: "/search", label: texts.list.allProducts };
  return await notFoundPage(c, { title: texts.product.missingHeading, lead: texts.product.missingText, links: [all] });
}

/** Without a wish, the first variant that can be bought now: a page should not open on a sold-out size. */
async function startVariant(
  page: PageContext,
  product: Product,
  wanted: string | undefined,
): Promise<ProductVariant | undefined> {
  const { variants } = product;
  if (variants.length < 2 || variants.some(({ sku }) => sku === wanted)) return chosenVariant(variants, wanted, () => true);
  const skus = variants.map(({ sku }) => sku);
  const stock = await inTime(OPTIONAL_DEADLINE_MS, readAvailability(page, skus));
  return chosenVariant(variants, wanted, ({ sku }) => {
    const level = stock.ok ? stock.value.get(sku) : undefined;
    return level === undefined || level.available > 0 || level.backorderable;
  });
}

async function relatedProducts(page: PageContext, product: Product): Promise<readonly ListItem[]> {
  const question = { category: product.category?.handle ?? null, availability: "in_stock", limit: RELATED_COUNT + 1 } as const;
  const answer = await inTime(OPTIONAL_DEADLINE_MS, readProducts(page, page.market.currency, question));
  if (!answer.ok) return [];
  return answer.value.items.filter((item) => item.handle !== product.handle).slice(0, RELATED_COUNT);
}

async function deliveryOptions(page: PageContext, variant: ProductVariant | undefined) {
  if (variant?.requires_shipping !== true) return undefined;
  const { country, currency } = page.market;
  const parcel = { country, currency, subtotalMinor: variant.price.amount_minor, weightGrams: variant.weight_grams };
  const answer = await inTime(OPTIONAL_DEADLINE_MS, readShippingEstimate(page, parcel));
  return answer.ok ? answer.value : undefined;
}

interface ProductViewProps {
  readonly page: PageContext;
  readonly product: Product;
  /** Undefined when the product has no price in the market's currency. */
  readonly variant: ProductVariant | undefined;
  readonly related: readonly ListItem[];
  readonly delivery: readonly ShippingOption[] | undefined;
  /** The variant of the address is not sold any more. */
  readonly gone: boolean;
}

function crumbsOf({ product }: Pick<ProductViewProps, "product">) {
  const category = product.category;
  return [
    ...(category === null ? [] : [{ label: category.title, path: categoryPath(category.handle) }]),
    { label: product.title },
  ];
}

function pageOptions(view: ProductViewProps): BuiltPage["options"] {
  const { page, product } = view;
  const description = plainDescription(product.description, META_DESCRIPTION_LENGTH_MAX);
  return {
    title: product.title,
    ...(description === "" ? {} : { description }),
    canonical: productPath(product.handle),
    ...(product.image === null ? {} : { image: product.image }),
    jsonLd: [
      productData(page, product, (sku) => stockMark("schema", sku)),
      breadcrumbData(page, shellTexts(page.locale).home, crumbsOf(view)),
    ],
  };
}

function ProductView(view: ProductViewProps) {
  const { page, product, variant, related } = view;
  const texts = catalogTexts(page.locale).product;
  return (
    <>
      <Breadcrumbs page={page} crumbs={crumbsOf(view)} />
      {view.gone ? <Notice tone="info">{texts.variantGone}</Notice> : null}
      <article class="product" data-island="variant-picker">
        <div class="product-pictures" data-part="gallery">
          <Gallery page={page} product={product} variant={variant} />
        </div>
        <div class="product-main">
          {product.vendor === "" ? null : <p class="product-vendor">{product.vendor}</p>}
          <h1>{product.title}</h1>
          {variant === undefined ? (
            <Notice tone="info">{texts.noPrice(page.market.currency)}</Notice>
          ) : (
            <>
              <BuyBox
                page={page}
                product={product}
                variant={variant}
                hasRelated={related.length > 0}
                deliveryIsFree={view.delivery?.[0]?.price.amount_minor === 0}
              />
              <Delivery page={page} variant={variant} options={view.delivery} />
            </>
          )}
          <Description product={product} heading={texts.description} />
          <ProductDetails page={page} product={product} variant={variant} />
        </div>
      </article>
      <Related page={page} product={product} related={related} />
    </>
  );
}

function Related({ page, product, related }: Pick<ProductViewProps, "page" | "product" | "related">) {
  const texts = catalogTexts(page.locale).product;
  if (related.length === 0) return null;
  return (
    <section class="related" aria-labelledby="related-heading">
      <h2 id="related-heading">{product.category === null ? texts.relatedAny : texts.related(product.category.title)}</h2>
      <ProductGrid page={page} items={related} />
    </section>
  );
}

function Description({ product, heading }: { readonly product: Product; readonly heading: string }) {
  const { description } = product;
  if (description === "") return null;
  return (
    <section class="product-description" aria-labelledby="description-heading">
      <h2 id="description-heading">{heading}</h2>
      {isSafeDescription(description) ? (
        <div class="product-text">{raw(nestHeadings(description))}</div>
      ) : (
        <p class="product-text">{description}</p>
      )}
    </section>
  );
}
