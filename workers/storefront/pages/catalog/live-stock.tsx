/**
 * The pieces of a product page that tell its stock. The page around them is kept for minutes; these are filled in for each
 * request from inventory. Inventory gets a short time: without an answer the page says so and lets the shopper go on,
 * because the cart checks again.
 */
import { freshMark } from "../../fresh-marks.ts";
import { StockLine } from "../../islands/markup/stock-line.tsx";
import { isBuyable, stockBand } from "../../islands/stock-text.ts";
import type { PageContext } from "../../page-context.ts";
import { inTime } from "../../peers/ask.ts";
import { type Availability, readAvailability } from "../../peers/catalog.ts";
import { type CatalogTexts, catalogTexts } from "../../texts/catalog.ts";

/** Longer than a warm inventory takes by far, shorter than a shopper notices. */
const STOCK_DEADLINE_MS = 700;

const PIECES = ["stock", "advice", "button", "option", "schema"] as const;
/**
 * `stock`: the line that says how many are left. `advice`: what to do when it is sold out. `button`: add to cart.
 * `option`: the remark on an option that leads to a sold-out variant. `schema`: the schema.org word.
 */
type Piece = (typeof PIECES)[number];

/** The smaller, the more it matters to the shopper. */
const RANK: Readonly<Record<Piece, number>> = { stock: 0, advice: 0, button: 0, option: 1, schema: 2 };

/** Stands in the kept page for a piece about one SKU. */
export function stockMark(piece: Piece, sku: string): string {
  return freshMark(`${piece} ${sku}`);
}

/** The pieces of one page by key, from one question to inventory. */
export async function freshStock(page: PageContext, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = keys.flatMap((key) => parseKey(key) ?? []);
  // Inventory answers for so many SKUs at once: those of the chosen variant come first.
  const skus = wanted.toSorted((a, b) => RANK[a.piece] - RANK[b.piece]).map(({ sku }) => sku);
  const answer = await inTime(STOCK_DEADLINE_MS, readAvailability(page, skus));
  const levels: ReadonlyMap<string, Availability> | undefined = answer.ok ? answer.value : undefined;
  const texts = catalogTexts(page.locale).product;
  const pieces = wanted.map(async ({ key, piece, sku }) => {
    const html = await pieceHtml(page, texts, piece, sku, levels?.get(sku));
    return [key, html] as const;
  });
  return new Map(await Promise.all(pieces));
}

function parseKey(key: string): { key: string; piece: Piece; sku: string } | undefined {
  const at = key.indexOf(" ");
  const piece = PIECES.find((known) => known === key.slice(0, at));
  return piece === undefined ? undefined : { key, piece, sku: key.slice(at + 1) };
}

type Level = Availability | undefined;
type ProductTexts = CatalogTexts["product"];

async function pieceHtml(page: PageContext, texts: ProductTexts, piece: Piece, sku: string, level: Level): Promise<string> {
  switch (piece) {
    case "stock":
      return await render(<StockPiece page={page} sku={sku} level={level} />);
    case "advice":
      return isSoldOut(level) ? await render(<p class="buy-advice">{texts.soldOutText}</p>) : "";
    case "button":
      return await render(<BuyButton texts={texts} sku={sku} level={level} />);
    case "option":
      return isSoldOut(level) ? await render(<span class="option-chip-note">{texts.soldOut}</span>) : "";
    case "schema":
      return schemaAvailability(level);
  }
}

async function render(element: { toString(): string | Promise<string> }): Promise<string> {
  return await element.toString();
}

function isSoldOut(level: Level): boolean {
  return level !== undefined && !isBuyable(level);
}

/** Unknown stock is said to be unknown, in a remark that goes away when the island has learnt more. */
function StockPiece({ page, sku, level }: { readonly page: PageContext; readonly sku: string; readonly level: Level }) {
  return (
    <>
      <StockLine page={page} sku={sku} level={level} />
      {level === undefined ? <p class="stock-unknown">{catalogTexts(page.locale).product.stockUnknown}</p> : null}
    </>
  );
}

function BuyButton({ texts, sku, level }: { readonly texts: ProductTexts; readonly sku: string; readonly level: Level }) {
  const soldOut = isSoldOut(level);
  const label = level !== undefined && stockBand(level) === "backorder" ? texts.backorder : texts.add;
  return (
    <button class="button button-primary button-wide" type="submit" data-buy-sku={sku} data-buy-label={label} disabled={soldOut}>
      {soldOut ? texts.soldOutButton : label}
    </button>
  );
}

/** `OnlineOnly` claims nothing about stock: all that is known when inventory does not answer. */
function schemaAvailability(level: Level): string {
  if (level === undefined) return "https://schema.org/OnlineOnly";
  switch (stockBand(level)) {
    case "in":
      return "https://schema.org/InStock";
    case "low":
    case "short":
      return "https://schema.org/LimitedAvailability";
    case "backorder":
      return "https://schema.org/BackOrder";
    case "out":
      return "https://schema.org/OutOfStock";
  }
}
