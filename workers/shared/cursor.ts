/** Opaque list cursors: base64url JSON of the last row's sort keys, parsed as strictly as any other input. Pure. */
import * as z from "zod";
import { ProblemError } from "./problem.ts";

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

/** `?limit=`: 1–100, 20 unless told. */
export const PageLimit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);

export function encodeCursor(position: unknown): string {
  return new TextEncoder().encode(JSON.stringify(position)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws ProblemError 400 `invalid_cursor` */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string): z.infer<S> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(
      Uint8Array.fromBase64(cursor, { alphabet: "base64url" }),
    );
    return schema.parse(JSON.parse(text));
  } catch {
    throw new ProblemError({
      status: 400,
      code: "invalid_cursor",
      detail: "The cursor is not one of ours. Start again without it, then use `next_cursor` as it was given.",
    });
  }
}
