/** The development secrets in `.dev.vars`: made once with random values, kept across restarts, never committed. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ROOT } from "../workers.ts";

/** `HOLDFAST_SECRETS` names another file, for a second shop on the same machine. */
export const DEV_VARS = resolve(ROOT, process.env["HOLDFAST_SECRETS"] ?? ".dev.vars");

const SECRETS: Readonly<Record<string, () => string>> = {
  ADMIN_API_KEY: () => `adm_${randomBytes(24).toString("base64url")}`,
  CAPABILITY_SECRET: () => randomBytes(32).toString("base64url"),
  KEY_ENCRYPTION_SECRET: () => randomBytes(32).toString("base64url"),
  STRIPE_API_KEY: () => `sk_test_${randomBytes(24).toString("hex")}`,
  STRIPE_WEBHOOK_SECRET: () => `whsec_${randomBytes(24).toString("hex")}`,
};

/** Reads `.dev.vars`, adding what is missing. Values already there are never changed. */
export function ensureSecrets(): { readonly values: Record<string, string>; readonly created: readonly string[] } {
  const text = existsSync(DEV_VARS) ? readFileSync(DEV_VARS, "utf8") : "";
  const values = parseVariables(text);
  const created = Object.keys(SECRETS).filter((name) => (values[name] ?? "") === "");
  if (created.length === 0) return { values, created };
  let lines =
    text === "" ? "# Secrets of this machine's development shop. Not for production, not for git.\n" : text.replace(/\n*$/, "\n");
  for (const name of created) {
    const value = SECRETS[name]?.() ?? "";
    values[name] = value;
    lines += `${name}=${value}\n`;
  }
  mkdirSync(dirname(DEV_VARS), { recursive: true });
  writeFileSync(DEV_VARS, lines, { mode: 0o600 });
  return { values, created };
}

/** `NAME=value` lines as wrangler reads them: quotes and `# comments` are no part of a value. */
export function parseVariables(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const match = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#]*?))\s*(?:#.*)?$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = match[2] ?? match[3] ?? match[4] ?? "";
  }
  return values;
}
