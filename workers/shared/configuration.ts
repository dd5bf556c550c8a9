/**
 * Typed configuration: text bindings become values once, at start. A bad value stops the worker with a message that
 * names the variable, not the first shopper's request.
 */
import * as z from "zod";

/** Parses the plain-text bindings of `env`; throws one error that lists every bad variable and how to set it. */
export function parseConfiguration<S extends z.ZodObject>(worker: string, schema: S, env: object): z.infer<S> {
  const known: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) known[key] = Reflect.get(env, key);
  const parsed = schema.safeParse(known);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(
    `${worker} cannot start, its configuration is wrong:\n${lines.join("\n")}\n` +
      "Set these as [vars] in its wrangler.toml, or as secrets in .dev.vars (local) or by `wrangler secret put` (production).",
  );
}

/** `"8"` → `8`, within bounds. */
export function integerVariable(min: number, max: number) {
  return z.string().regex(/^\d+$/, "must be a whole number").transform(Number).pipe(z.int().min(min).max(max));
}

/** A secret that is long enough to be one. */
export const SecretVariable = z.string().min(16, "must be a secret of at least 16 characters");

export const UrlVariable = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });
