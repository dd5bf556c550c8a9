/** The demo shop as a product CSV in Shopify's column names, so that it goes through the same import as any catalogue. Pure. */
import { ASSORTMENT, type DemoProduct } from "./assortment.ts";

const COLUMNS = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Type",
  "Tags",
  "Option1 Name",
  "Option1 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Qty",
  "Variant Inventory Policy",
  "Variant Price",
  "Variant Compare At Price",
  "Variant Requires Shipping",
  "Variant Taxable",
  "Status",
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

export function demoShopCsv(): string {
  const rows = Object.entries(ASSORTMENT).flatMap(([category, products], shelf) =>
    products.flatMap((product, position) =>
      productRows(category, product, `${100 + shelf}${String(position + 1).padStart(2, "0")}`),
    ),
  );
  const lines = rows.map((row) => COLUMNS.map((column) => quote(row[column])).join(","));
  return `${COLUMNS.join(",")}\n${lines.join("\n")}\n`;
}

function productRows(category: string, product: DemoProduct, number: string): Row[] {
  const values = product.option?.values ?? [undefined];
  return values.map((value, index) => ({
    Handle: slug(product.title),
    Title: index === 0 ? product.title : "",
    "Body (HTML)": index === 0 ? `<p>${product.text}</p>` : "",
    Vendor: index === 0 ? "Holdfast Outfitters" : "",
    Type: index === 0 ? category : "",
    Tags: index === 0 && product.was !== undefined ? "sale" : "",
    "Option1 Name": index === 0 ? (product.option?.name ?? "") : "",
    "Option1 Value": value ?? "",
    "Variant SKU": value === undefined ? `HF-${number}` : `HF-${number}-${slug(value).toUpperCase()}`,
    "Variant Grams": String(product.grams),
    "Variant Inventory Qty": String(product.stock),
    "Variant Inventory Policy": product.backorder === true ? "continue" : "deny",
    "Variant Price": pounds(product.pence),
    "Variant Compare At Price": product.was === undefined ? "" : pounds(product.was),
    "Variant Requires Shipping": "TRUE",
    "Variant Taxable": "TRUE",
    Status: index === 0 ? "active" : "",
  }));
}

function pounds(pence: number): string {
  return (pence / 100).toFixed(2);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function quote(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
