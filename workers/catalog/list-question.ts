/** What a list is asked for: parsed from the query, with empty values as absent, because plain HTML forms send them. */
import { z } from "@hono/zod-openapi";
import { PageLimit } from "../shared/cursor.ts";
import { AMOUNT_MAX_MINOR, CurrencyCode } from "../shared/money.ts";
import { Handle, TITLE_LENGTH_MAX } from "./contract.ts";
import { configuration } from "./env.ts";
import { QUERY_LENGTH_MAX } from "./search-terms.ts";

export const CURSOR_LENGTH_MAX = 4_096;
export const SORTS = ["featured", "relevance", "newest", "price_asc", "price_desc", "title"] as const;
export type Sort = (typeof SORTS)[number];

/** Which products; every one of them narrows. */
export interface ListFilters {
  /** Handle; includes what is below it. */
  readonly category: string | null;
  readonly tag: string | null;
  readonly currency: string;
  readonly minPriceMinor: number | null;
  readonly maxPriceMinor: number | null;
  /** Only what is not known to be sold out. */
  readonly inStock: boolean;
}

export interface ListQuestion extends ListFilters {
  /** Null without a search. */
  readonly query: string | null;
  /** `relevance` only with a query. */
  readonly sort: Sort;
  readonly withFacets: boolean;
  readonly limit: number;
  readonly cursor: string | null;
}

const Absent = z.literal("");
const PriceBound = z
  .string()
  .regex(/^\d{0,12}$/, "must be a whole number of minor units")
  .transform((text) => (text === "" ? null : Number(text)))
  .refine((amount) => amount === null || amount <= AMOUNT_MAX_MINOR, "is more than any price")
  .optional()
  .openapi({ description: "Whole minor units of `currency`, inclusive, compared with `price_from`.", example: "1500" });

export const Currency = CurrencyCode.default(configuration.SHOP_CURRENCY);
export const Cursor = z.string().max(CURSOR_LENGTH_MAX).optional();

export const ListQuery = z
  .object({
    q: z.string().max(QUERY_LENGTH_MAX).optional(),
    category: Handle.or(Absent).optional().openapi({ description: "Handle; includes the categories below it." }),
    tag: z.string().trim().max(TITLE_LENGTH_MAX).optional().openapi({ description: "In any case." }),
    currency: Currency,
    sort: z.enum(SORTS).or(Absent).optional().openapi({
      description:
        "`relevance` unless told with `q`, else `featured`: products tagged so first, then the rest, newest first. Equals are in a stable order.",
    }),
    min_price_minor: PriceBound,
    max_price_minor: PriceBound,
    availability: z
      .enum(["in_stock"])
      .or(Absent)
      .optional()
      .openapi({ description: "Leaves out what was sold out seconds ago. Ask `/v1/availability` for what is so now." }),
    facets: z.enum(["true", "false"]).default("false"),
    limit: PageLimit,
    cursor: Cursor,
  })
  .refine(({ min_price_minor: min, max_price_minor: max }) => min == null || max == null || min <= max, {
    path: ["min_price_minor"],
    message: "must not be more than max_price_minor",
  });

export function listQuestion(query: z.infer<typeof ListQuery>): ListQuestion {
  const text = query.q === undefined || query.q.trim() === "" ? null : query.q;
  const sort = query.sort || (text === null ? "featured" : "relevance");
  return {
    query: text,
    category: query.category || null,
    tag: query.tag || null,
    currency: query.currency,
    minPriceMinor: query.min_price_minor ?? null,
    maxPriceMinor: query.max_price_minor ?? null,
    inStock: query.availability === "in_stock",
    sort: sort === "relevance" && text === null ? "featured" : sort,
    withFacets: query.facets === "true",
    limit: query.limit,
    cursor: query.cursor ?? null,
  };
}

/** A short name of everything that decides a list's order and members: a cursor of another list is refused by it. */
export function fingerprintOf(question: ListQuestion): string {
  const { query, sort, category, tag, currency, minPriceMinor, maxPriceMinor, inStock } = question;
  const text = JSON.stringify([query, sort, category, tag, currency, minPriceMinor, maxPriceMinor, inStock]);
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  return hash.toString(36);
}

/** FNV-1a, 64 bits: it tells lists apart, nothing is secured by it. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
