/** One message from a form to the page that follows it, kept in a cookie of the shopper's own browser. */
import type { Context } from "hono";
import * as z from "zod";
import { Notice } from "./components/notice.tsx";
import { clearCookie, FLASH_COOKIE, readCookie, setCookie } from "./cookies.ts";
import type { StorefrontHono } from "./env.ts";

/** A cookie holds 4 kB, and a Japanese character takes nine bytes in it. */
const TEXT_MAX = 300;
const AGE_MAX_SECONDS = 60;

const Flash = z.strictObject({
  tone: z.enum(["info", "success", "warning", "error"]),
  text: z.string().min(1).max(TEXT_MAX),
});
export type Flash = z.infer<typeof Flash>;

/** @param text in the shopper's language; cut at 300 characters. */
export function setFlash(c: Context<StorefrontHono>, tone: Flash["tone"], text: string): void {
  setCookie(c, FLASH_COOKIE, JSON.stringify({ tone, text: text.slice(0, TEXT_MAX) }), AGE_MAX_SECONDS);
}

/** The message, once: its cookie is cleared with this answer. */
export function takeFlash(c: Context<StorefrontHono>): Flash | undefined {
  const value = readCookie(c, FLASH_COOKIE);
  if (value === undefined) return undefined;
  clearCookie(c, FLASH_COOKIE);
  try {
    return Flash.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}

export function FlashNotice({ flash }: { readonly flash: Flash | undefined }) {
  return flash === undefined ? null : <Notice tone={flash.tone}>{flash.text}</Notice>;
}
