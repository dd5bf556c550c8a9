/** The fields of a posted form as text: files, repeated and missing fields read as empty. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";

export interface FormTexts {
  /** As typed, with spaces around it. */
  readonly raw: (name: string) => string;
  readonly text: (name: string) => string;
  readonly checked: (name: string) => boolean;
}

/** A body that is no form reads as an empty one. */
export async function readForm(c: Context<StorefrontHono>): Promise<FormTexts> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  const raw = (name: string): string => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    return typeof value === "string" ? value : "";
  };
  return { raw, text: (name) => raw(name).trim(), checked: (name) => raw(name) !== "" };
}
