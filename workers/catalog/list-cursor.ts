/** Where a list goes on. A cursor names the list it belongs to: under another sort or other filters it means nothing. Pure. */
import * as z from "zod";
import { decodeCursor } from "../shared/cursor.ts";
import { ProblemError } from "../shared/problem.ts";
import type { Matching } from "./listing-conditions.ts";

export const RowId = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Short keys: cursors travel in URLs. How the query was understood: terms, mode, what replaced it. */
export const MatchingCursor = z.strictObject({
  t: z
    .array(z.string().regex(/^[\p{L}\p{N}]{1,4000}$/u))
    .min(1)
    .max(12),
  m: z.enum(["all", "any"]),
  c: z.string().nullable(),
});

export function matchingCursor({ terms, mode, corrected }: Matching): z.infer<typeof MatchingCursor> {
  return { t: [...terms], m: mode, c: corrected };
}

export function matchingOf({ t, m, c }: z.infer<typeof MatchingCursor>): Matching {
  return { terms: t, mode: m, corrected: c };
}

/** @throws ProblemError 400 `invalid_cursor` when it is broken, or of a list that was asked for differently. */
export function decodeListCursor<S extends z.ZodType<{ f: string }>>(schema: S, cursor: string, fingerprint: string): z.infer<S> {
  const position = decodeCursor(schema, cursor);
  if (position.f === fingerprint) return position;
  throw new ProblemError({
    status: 400,
    code: "invalid_cursor",
    detail: "The cursor belongs to a list with another query, sort or filter. Start again without it.",
  });
}
