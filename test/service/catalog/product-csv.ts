/** Product CSVs for the import tests. Pure. */

export const HEADER =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,Status,Unknown Column";

interface Line {
  readonly handle?: string;
  readonly title?: string;
  readonly body?: string;
  readonly option?: string;
  readonly value?: string;
  readonly sku?: string;
  readonly quantity?: string;
  readonly policy?: string;
  readonly price?: string;
  readonly image?: string;
  readonly status?: string;
}

export function line(wish: Line): string {
  const { handle = "", title = "", body = "", option = "", value = "", sku = "", quantity = "", policy = "", price = "" } = wish;
  return `${handle},${title},${body},Vendor,Gifts,"red, blue",,${option},${value},${sku},250,${quantity},${policy},${price},,${wish.image ?? ""},,${wish.status ?? ""},x`;
}

export function csv(...lines: readonly string[]): string {
  return [HEADER, ...lines, ""].join("\r\n");
}

export async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream ?? null).arrayBuffer());
}
