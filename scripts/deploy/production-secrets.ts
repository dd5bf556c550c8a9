/** Which worker gets which secret, and the file they come from. A worker gets its own only: less to lose. */
import { existsSync, readFileSync } from "node:fs";
import { parseVariables } from "../lib/secrets.ts";
import { DeployError } from "./account.ts";

interface SecretNames {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const SECRETS: Readonly<Record<string, SecretNames>> = {
  "holdfast-gateway": { required: ["ADMIN_API_KEY", "CAPABILITY_SECRET"], optional: [] },
  "holdfast-identity": { required: ["KEY_ENCRYPTION_SECRET", "CAPABILITY_SECRET"], optional: [] },
  "holdfast-orders": { required: ["CAPABILITY_SECRET"], optional: [] },
  // Stripe gives the webhook's secret when the webhook is made, which may be later: until then it refuses webhooks.
  "holdfast-payments": { required: ["STRIPE_API_KEY"], optional: ["STRIPE_WEBHOOK_SECRET"] },
  "holdfast-notifications": {
    required: [],
    optional: [
      ...["SMS_API_URL", "SMS_ACCOUNT_ID", "SMS_AUTH_TOKEN", "SMS_FROM"],
      ...["PUSH_PUBLIC_KEY", "PUSH_PRIVATE_KEY", "PUSH_SUBJECT"],
    ],
  },
};

/** The workers refuse shorter ones when they start. */
const SECRET_CHARACTERS_MIN = 16;

export function secretNames(worker: string): SecretNames {
  return SECRETS[worker] ?? { required: [], optional: [] };
}

/** @throws DeployError that names every secret that is missing or too short */
export function readSecrets(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) throw new DeployError(`There is no file ${file}.`);
  return checkSecrets(parseVariables(readFileSync(file, "utf8")), file);
}

export function checkSecrets(values: Readonly<Record<string, string>>, file: string): Readonly<Record<string, string>> {
  const required = new Set(Object.values(SECRETS).flatMap((names) => names.required));
  const complaints = [...required].flatMap((name) => {
    const value = values[name] ?? "";
    if (value === "") return [`  ${name} is missing`];
    if (value.length < SECRET_CHARACTERS_MIN) return [`  ${name} is shorter than ${SECRET_CHARACTERS_MIN} characters`];
    return [];
  });
  if (complaints.length === 0) return values;
  throw new DeployError(`${file} is not ready:\n${complaints.join("\n")}\n\nRandom ones: openssl rand -base64 32`);
}

/** What one worker is given. */
export function secretsOf(worker: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const { required, optional } = secretNames(worker);
  return Object.fromEntries(
    [...required, ...optional].flatMap((name) => {
      const value = values[name] ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}
