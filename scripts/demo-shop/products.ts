/** The demo shop as a product CSV in Shopify's column names, so that it goes through the same import as any catalogue. Pure. */
import { CATEGORIES, colourOption, type DemoProduct } from "./assortment.ts";
import { colourPicture, detailPicture, pictureUrl, productPicture } from "./picture-keys.ts";
import { ABROAD, pounds, priceTag } from "./prices.ts";
import { slug } from "./slug.ts";

type Row = Readonly<Record<string, string>>;

interface Image {
  readonly url: string;
  readonly alt: string;
}

/**
 * What a category lists first comes last: shops show the newest first, and the newest are then the best of every category.
 * @param pictures keys of the pictures that there are.
 */
export function demoShopCsv(pictures: ReadonlySet<string>): string {
  const placed = CATEGORIES.flatMap(({ title, products }, shelf) =>
    products.map((product, position) => ({ title, product, shelf, position })),
  );
  placed.sort((a, b) => b.position - a.position || b.shelf - a.shelf);
  const rows = placed.flatMap(({ title, product, shelf, position }) =>
    productRows(title, product, `${100 + shelf}${String(position + 1).padStart(2, "0")}`, pictures),
  );
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? "")).join(","));
  return `${columns.join(",")}\n${lines.join("\n")}\n`;
}

/** A row for each variant; the first one also says what the product is, and further pictures stand in rows as they come. */
function productRows(category: string, product: DemoProduct, number: string, pictures: ReadonlySet<string>): Row[] {
  const handle = slug(product.title);
  const variants = combinations(product);
  const images = gallery(product, handle, pictures);
  return Array.from({ length: Math.max(variants.length, images.length) }, (_, index) => {
    const variant = variants[index];
    return {
      Handle: handle,
      ...(index === 0 ? productCells(category, product) : {}),
      ...(variant === undefined ? {} : variantCells(product, handle, number, variant, pictures)),
      ...imageCells(images[index], index),
    };
  });
}

function productCells(category: string, product: DemoProduct): Row {
  const sale = product.was === undefined ? [] : ["sale"];
  const details = product.details.map((detail) => `<li>${detail}</li>`).join("");
  const names = Object.fromEntries((product.options ?? []).map(({ name }, index) => [`Option${index + 1} Name`, name]));
  return {
    Title: product.title,
    "Body (HTML)": `<p>${product.text}</p><ul>${details}</ul>`,
    Vendor: "Holdfast Outfitters",
    Type: category,
    Tags: [...product.tags, ...sale].join(", "),
    Status: "active",
    ...names,
  };
}

/** Every way to choose: `[["Ochre", "S"], ["Ochre", "M"], …]`; one empty choice without options. */
function combinations(product: DemoProduct): string[][] {
  return (product.options ?? []).reduce<string[][]>(
    (chosen, { values }) => chosen.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

function variantCells(
  product: DemoProduct,
  handle: string,
  number: string,
  values: readonly string[],
  pictures: ReadonlySet<string>,
): Row {
  const extra = values.reduce((sum, value) => sum + (product.surcharge?.[value] ?? 0), 0);
  const soldOut = product.soldOut?.includes(values.join("/")) === true;
  return {
    ...Object.fromEntries(values.map((value, index) => [`Option${index + 1} Value`, value])),
    "Variant SKU": [`HF-${number}`, ...values.map((value) => slug(value).toUpperCase())].join("-"),
    "Variant Grams": String(product.grams),
    "Variant Inventory Qty": String(soldOut ? 0 : product.stock),
    "Variant Inventory Policy": product.backorder === true ? "continue" : "deny",
    "Variant Requires Shipping": "TRUE",
    "Variant Taxable": "TRUE",
    "Variant Image": variantImage(product, handle, values, pictures),
    ...priceCells(product.pence + extra, product.was === undefined ? undefined : product.was + extra),
  };
}

function priceCells(pence: number, was: number | undefined): Row {
  const abroad = ABROAD.flatMap((country) => [
    [`Price / ${country.currency}`, priceTag(pence, country)],
    [`Compare At Price / ${country.currency}`, was === undefined ? "" : priceTag(was, country)],
  ]);
  return {
    "Variant Price": pounds(pence),
    "Variant Compare At Price": was === undefined ? "" : pounds(was),
    ...Object.fromEntries(abroad),
  };
}

/** The picture in the variant's colour. */
function variantImage(product: DemoProduct, handle: string, values: readonly string[], pictures: ReadonlySet<string>): string {
  const colours = colourOption(product)?.values ?? [];
  const colour = values.find((value) => colours.includes(value));
  if (colour === undefined) return "";
  const key = colour === colours[0] ? productPicture(handle) : colourPicture(handle, colour);
  return pictures.has(key) ? pictureUrl(key) : "";
}

function gallery(product: DemoProduct, handle: string, pictures: ReadonlySet<string>): Image[] {
  const [first, ...others] = colourOption(product)?.values ?? [];
  const all = [
    { key: productPicture(handle), alt: first === undefined ? product.title : `${product.title} in ${first.toLowerCase()}` },
    ...others.map((name) => ({ key: colourPicture(handle, name), alt: `${product.title} in ${name.toLowerCase()}` })),
    { key: detailPicture(handle), alt: `${product.title}, a closer look` },
  ];
  return all.filter(({ key }) => pictures.has(key)).map(({ key, alt }) => ({ url: pictureUrl(key), alt }));
}

function imageCells(image: Image | undefined, index: number): Row {
  if (image === undefined) return {};
  return { "Image Src": image.url, "Image Position": String(index + 1), "Image Alt Text": image.alt };
}

function quote(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
