/** Where a running shop is and how its operator gets in: the same options for every command that talks to one. */
import { readArguments } from "../lib/read-arguments.ts";
import { ensureSecrets } from "../lib/secrets.ts";
import { readSettings } from "../lib/settings.ts";

export interface ShopOptions {
  readonly url: string;
  readonly adminKey: string;
  readonly json: boolean;
  readonly positionals: readonly string[];
}

export const OPTIONS_USAGE = `  --url URL          the running shop (default: http://localhost:8787)
  --admin-key KEY    default: ADMIN_API_KEY of the environment, else of .dev.vars
  --json             print the answer as JSON, and nothing else
`;

/** Ends with `usage` on options that do not exist. */
export function readShopOptions(usage: string, environment: NodeJS.ProcessEnv = process.env): ShopOptions {
  const { values, positionals } = readArguments(usage, {
    allowPositionals: true,
    options: {
      url: { type: "string", default: readSettings(environment).url },
      "admin-key": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const adminKey = values["admin-key"] ?? environment["ADMIN_API_KEY"] ?? ensureSecrets().values["ADMIN_API_KEY"] ?? "";
  return { url: values.url.replace(/\/$/, ""), adminKey, json: values.json, positionals };
}
