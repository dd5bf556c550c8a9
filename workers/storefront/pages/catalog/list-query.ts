/**
 * The address of a product list: filters, order and place, all in plain query parameters, read leniently (what makes no
 * sense is left out, so that an old or mistyped link still shows products) and written canonically. Pure.
 */
import { AMOUNT_MAX_MINOR, currencyExponent, decimalAmount } from "../../../shared/money.ts";

export const SORTS = ["featured", "newest", "price_asc", "price_desc", "title"] as const;
export type Sort = (typeof SORTS)[number];

export interface ListQuery {
  /** Trimmed; null without a search. */
  readonly q: string | null;
  /** Handle; a search narrows to it, a category page leaves it to its path. */
  readonly category: string | null;
  readonly minMinor: number | null;
  readonly maxMinor: number | null;
  readonly inStock: boolean;
  readonly onSale: boolean;
  /** Null: the list's own order (recommended, or best match for a search). */
  readonly sort: Sort | null;
  readonly cursor: string | null;
  /** Only counted for people; the cursor decides. */
  readonly page: number;
  /** Cursors of the pages before this one, the nearest last; the first page needs none. */
  readonly trail: readonly string[];
}

export interface ParsedListQuery {
  readonly query: ListQuery;
  /** Prices were given that make no sense. */
  readonly priceRefused: boolean;
  /** The search was cut to its maximum. */
  readonly searchCut: boolean;
}

/** What the catalogue takes, in UTF-16 units. */
export const SEARCH_LENGTH_MAX = 200;
const CURSOR_LENGTH_MAX = 1_024;
const HANDLE = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,254}$/u;
const PAGE_MAX = 10_000;
/** So many pages can be walked back one by one; beyond, to the first. Keeps addresses short. */
const TRAIL_MAX = 12;
/** Cursors are base64url: this is in none of them. */
const TRAIL_SEPARATOR = "~";

export function parseListQuery(search: string, currency: string): ParsedListQuery {
  const parameters = new URLSearchParams(search);
  const text = (parameters.get("q") ?? "").replace(/\s+/gu, " ").trim().toWellFormed();
  const q = text.slice(0, SEARCH_LENGTH_MAX).replace(/[\uD800-\uDBFF]$|\s$/, "");
  const prices = parsePrices(parameters.get("min"), parameters.get("max"), currency);
  const category = parameters.get("category") ?? "";
  const sort = SORTS.find((known) => known === parameters.get("sort")) ?? null;
  const query = {
    q: q === "" ? null : q,
    category: HANDLE.test(category) ? category : null,
    minMinor: prices?.minMinor ?? null,
    maxMinor: prices?.maxMinor ?? null,
    inStock: parameters.get("stock") === "in",
    onSale: parameters.get("sale") === "1",
    sort,
    ...parsePlace(parameters),
  };
  return { query, priceRefused: prices === undefined, searchCut: q.length < text.length };
}

function parsePlace(parameters: URLSearchParams): Pick<ListQuery, "cursor" | "page" | "trail"> {
  const cursor = parameters.get("cursor") ?? "";
  if (!isCursor(cursor)) return { cursor: null, page: 1, trail: [] };
  const page = Number(parameters.get("page") ?? "2");
  const trail = (parameters.get("back") ?? "").split(TRAIL_SEPARATOR).filter(isCursor).slice(-TRAIL_MAX);
  return { cursor, page: Number.isInteger(page) && page > 1 && page <= PAGE_MAX ? page : 2, trail };
}

function isCursor(text: string): boolean {
  return text.length <= CURSOR_LENGTH_MAX && /^[\w-]+$/.test(text);
}

/** Undefined when something was given that is no price, or the lower one is above the upper one. */
function parsePrices(min: string | null, max: string | null, currency: string) {
  const minMinor = parsePrice(min, currency);
  const maxMinor = parsePrice(max, currency);
  if (minMinor === undefined || maxMinor === undefined) return undefined;
  if (minMinor !== null && maxMinor !== null && minMinor > maxMinor) return undefined;
  return { minMinor: minMinor === 0 ? null : minMinor, maxMinor };
}

/** As people write it: `20`, `19,99`, `£19.99`, `1 200`. Null when left empty, undefined when it is no price. */
function parsePrice(text: string | null, currency: string): number | null | undefined {
  const compact = (text ?? "").normalize("NFKC").replace(/[\s\p{Sc}']/gu, "");
  if (compact === "") return null;
  const match = /^(\d{1,10}|\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?$/.exec(compact);
  if (match === null) return undefined;
  const exponent = currencyExponent(currency);
  const fraction = (match[2] ?? "").slice(0, exponent).padEnd(exponent, "0");
  const amountMinor = Number((match[1] ?? "").replace(/[.,]/g, "") + fraction);
  return amountMinor <= AMOUNT_MAX_MINOR ? amountMinor : undefined;
}

/** The canonical query string, `?…` or empty. Parameters always stand in the same order, so that a list has one address. */
export function listSearch(query: ListQuery, currency: string): string {
  const parameters = new URLSearchParams();
  if (query.q !== null) parameters.set("q", query.q);
  if (query.category !== null) parameters.set("category", query.category);
  if (query.minMinor !== null) parameters.set("min", priceText(query.minMinor, currency));
  if (query.maxMinor !== null) parameters.set("max", priceText(query.maxMinor, currency));
  if (query.inStock) parameters.set("stock", "in");
  if (query.onSale) parameters.set("sale", "1");
  if (query.sort !== null) parameters.set("sort", query.sort);
  if (query.cursor !== null) {
    parameters.set("cursor", query.cursor);
    parameters.set("page", String(query.page));
    if (query.trail.length > 0) parameters.set("back", query.trail.join(TRAIL_SEPARATOR));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** What a price field shows: `20`, `19.99`. */
export function priceText(amountMinor: number, currency: string): string {
  return decimalAmount(amountMinor, currency).replace(/\.00$/, "");
}

export const NO_FILTERS = { category: null, minMinor: null, maxMinor: null, inStock: false, onSale: false } as const;

/** The same list from its beginning, with some filters changed. */
export function withFilters(query: ListQuery, changes: Partial<ListQuery>): ListQuery {
  return { ...query, ...changes, cursor: null, page: 1, trail: [] };
}

export function nextPage(query: ListQuery, cursor: string): ListQuery {
  const trail = query.cursor === null ? [] : [...query.trail, query.cursor].slice(-TRAIL_MAX);
  return { ...query, cursor, page: query.page + 1, trail };
}

/** Null on the first page. A page whose way here is not known leads back to the first. */
export function previousPage(query: ListQuery): ListQuery | null {
  if (query.cursor === null) return null;
  const cursor = query.trail.at(-1) ?? null;
  if (cursor === null) return withFilters(query, {});
  return { ...query, cursor, page: query.page - 1, trail: query.trail.slice(0, -1) };
}

/** Whether anything but the order narrows the list. */
export function activeFilterCount(query: ListQuery): number {
  const price = query.minMinor !== null || query.maxMinor !== null;
  return [query.category !== null, price, query.inStock, query.onSale].filter(Boolean).length;
}

/** A filtered, sorted or continued list says nothing that its plain first page does not: engines index only that. */
export function isPlain(query: ListQuery): boolean {
  return query.cursor === null && query.sort === null && query.q === null && activeFilterCount(query) === 0;
}
