/** What search engines read, as schema.org objects. Texts go in as they are: the layout makes them safe for a script element. Pure. */
import { decimalAmount, type MoneyJson } from "../../../shared/money.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { Product, ProductVariant } from "../../peers/catalog.ts";
import { plainDescription } from "./safe-description.ts";

const CONTEXT = "https://schema.org";
const DESCRIPTION_LENGTH_MAX = 5_000;
/** More variants are summed up: a page should not grow with them twice. */
const OFFERS_MAX = 24;
const PICTURES_MAX = 8;

interface Crumb {
  readonly label: string;
  readonly path?: string | undefined;
}

type Place = Pick<PageContext, "origin" | "locale">;

/** @param crumbs after the home page; one without a path is the page itself. */
export function breadcrumbData(page: Place, home: string, crumbs: readonly Crumb[]): object {
  const all: readonly Crumb[] = [{ label: home, path: "/" }, ...crumbs];
  return {
    "@context": CONTEXT,
    "@type": "BreadcrumbList",
    itemListElement: all.map((crumb, index) => ({
      "@type": "ListItem",
      position: index + 1,
      name: crumb.label,
      ...(crumb.path === undefined ? {} : { item: absolute(page, crumb.path) }),
    })),
  };
}

/** The shop, and where its search is. */
export function webSiteData(page: Place, shopName: string): object {
  return {
    "@context": CONTEXT,
    "@type": "WebSite",
    name: shopName,
    url: absolute(page, "/"),
    inLanguage: page.locale,
    potentialAction: {
      "@type": "SearchAction",
      target: { "@type": "EntryPoint", urlTemplate: `${absolute(page, "/search")}?q={search_term_string}` },
      "query-input": "required name=search_term_string",
    },
  };
}

/**
 * @param availabilityOf the schema.org URL of a SKU's live state, or the mark that stands for it.
 */
export function productData(page: Place, product: Product, availabilityOf: (sku: string) => string): object {
  const url = absolute(page, productPath(product.handle));
  const pictures = [...new Set([product.image, ...product.media.map((item) => item.url)])].filter((item) => item !== null);
  return {
    "@context": CONTEXT,
    "@type": "Product",
    name: product.title,
    url,
    ...(product.variants[0] === undefined ? {} : { sku: product.variants[0].sku }),
    ...(product.description === "" ? {} : { description: plainDescription(product.description, DESCRIPTION_LENGTH_MAX) }),
    ...(pictures.length === 0
      ? {}
      : { image: pictures.slice(0, PICTURES_MAX).map((item) => (item.startsWith("/") ? page.origin + item : item)) }),
    ...(product.vendor === "" ? {} : { brand: { "@type": "Brand", name: product.vendor } }),
    ...(product.category === null ? {} : { category: product.category.title }),
    ...(product.variants.length === 0 ? {} : { offers: offers(url, product.variants, availabilityOf) }),
  };
}

function offers(url: string, variants: readonly ProductVariant[], availabilityOf: (sku: string) => string): object | object[] {
  if (variants.length > OFFERS_MAX) return priceSpan(variants);
  return variants.map((variant) => ({
    "@type": "Offer",
    url: variants.length === 1 ? url : `${url}?variant=${encodeURIComponent(variant.sku)}`,
    sku: variant.sku,
    name: variant.title,
    ...price(variant.price),
    availability: availabilityOf(variant.sku),
    itemCondition: `${CONTEXT}/NewCondition`,
  }));
}

function priceSpan(variants: readonly ProductVariant[]): object {
  const amounts = variants.map((variant) => variant.price.amount_minor);
  const currency = variants[0]?.price.currency ?? "";
  return {
    "@type": "AggregateOffer",
    offerCount: variants.length,
    lowPrice: decimalAmount(Math.min(...amounts), currency),
    highPrice: decimalAmount(Math.max(...amounts), currency),
    priceCurrency: currency,
  };
}

function price(money: MoneyJson): object {
  return { price: decimalAmount(money.amount_minor, money.currency), priceCurrency: money.currency };
}

export function productPath(handle: string): string {
  return `/products/${encodeURIComponent(handle)}`;
}

export function categoryPath(handle: string): string {
  return `/categories/${encodeURIComponent(handle)}`;
}

function absolute(page: Place, path: string): string {
  return page.origin + link(page, path);
}
