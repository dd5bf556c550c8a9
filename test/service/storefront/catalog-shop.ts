/** Products, categories and stock as the peers of the storefront answer them, in the shapes of the public contract. */
import { peer } from "./client.ts";

export function money(amountMinor: number, currency = "GBP") {
  return { amount_minor: amountMinor, currency };
}

export function listItem(handle: string, members: Record<string, unknown> = {}) {
  return {
    id: `prod_${handle}`,
    handle,
    title: handle.replaceAll("-", " "),
    image: `/media/products/${handle}.webp`,
    media: [{ url: `/media/products/${handle}.webp`, alt: "", position: 1 }],
    category: { handle: "rainwear", title: "Rainwear" },
    price_from: money(2_400),
    compare_at_from: null,
    price_varies: false,
    sold_out: false,
    tags: [],
    variants: [],
    ...members,
  };
}

export function productPage(items: readonly object[], members: Record<string, unknown> = {}) {
  const facets = {
    categories: [
      { handle: "rainwear", title: "Rainwear", parent: null, count: 12 },
      { handle: "knitwear", title: "Knitwear", parent: null, count: 3 },
    ],
    price: { min: money(500), max: money(19_900) },
    availability: { in_stock: 14, sold_out: 1 },
    tags: [{ tag: "sale", count: 2 }],
  };
  return {
    items,
    next_cursor: null,
    corrected_query: null,
    correction: null,
    total: items.length,
    total_capped: false,
    facets,
    ...members,
  };
}

export function category(handle: string, members: Record<string, unknown> = {}) {
  return {
    id: `cat_${handle}`,
    handle,
    title: handle[0]?.toUpperCase() + handle.slice(1),
    description: "",
    parent: null,
    image: null,
    position: 0,
    product_count: 12,
    ancestors: [],
    children: [],
    ...members,
  };
}

export function variant(sku: string, optionValues: readonly string[], members: Record<string, unknown> = {}) {
  return {
    id: `var_${sku}`,
    sku,
    title: optionValues.join(" / ") || "Default",
    price: money(12_900),
    compare_at_price: null,
    option_values: optionValues,
    image: null,
    weight_grams: 620,
    requires_shipping: true,
    taxable: true,
    ...members,
  };
}

export function jacket(members: Record<string, unknown> = {}) {
  return {
    id: "prod_jacket",
    handle: "skerry-rain-jacket",
    title: "Skerry Rain Jacket",
    description: "<p>Three layers &amp; taped seams.</p>",
    vendor: "Holdfast",
    type: "Jacket",
    tags: [],
    image: "/media/products/jacket.webp",
    price_from: money(12_900),
    compare_at_from: null,
    options: [{ name: "Size", values: ["S", "M"] }],
    variants: [variant("JACKET-S", ["S"]), variant("JACKET-M", ["M"], { compare_at_price: money(15_900) })],
    media: [
      { url: "/media/products/jacket.webp", alt: "The jacket", position: 1 },
      { url: "/media/products/jacket-back.webp", alt: "", position: 2 },
    ],
    category: { handle: "rainwear", title: "Rainwear" },
    ...members,
  };
}

/** `{ "JACKET-S": 3 }`; a negative number means none left, but it may be ordered. */
export async function prepareStock(available: Readonly<Record<string, number>>): Promise<void> {
  const items = Object.entries(available).map(([sku, units]) => ({
    sku,
    available: Math.max(0, units),
    backorderable: units < 0,
  }));
  await peer("INVENTORY").prepare({ "GET /v1/availability": { json: { items } } });
}

/** The product's page, with its stock, related products and delivery. */
export async function prepareProduct(product: ReturnType<typeof jacket>, stock: Readonly<Record<string, number>>): Promise<void> {
  await peer("CATALOG").prepare({
    [`GET /v1/products/${product.handle}`]: { json: product },
    "GET /v1/products": { json: productPage([listItem("boot-socks"), listItem(product.handle)]) },
  });
  await prepareStock(stock);
  const standard = { id: "uk-standard", name: "Standard", price: money(399), estimated_days: 3, free_above: money(5_000) };
  await peer("ORDERS").prepare({ "GET /v1/shipping-options": { json: { items: [standard], next_cursor: null } } });
}

let pages = 0;

/** An address that no test before has put into the page cache. */
export function unseen(path: string): string {
  pages += 1;
  return `${path}${path.includes("?") ? "&" : "?"}seen=${pages}`;
}

/** Words of the page without its tags. */
export function words(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

/** The structured data of one type. */
export function jsonLd(html: string, type: string) {
  const things = [...html.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)].map((match) =>
    JSON.parse(match[1] ?? ""),
  );
  return things.find((thing) => thing["@type"] === type);
}
