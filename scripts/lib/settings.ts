/** Where the local system listens and keeps its state; refuses bad values with a clear message. */
import { isAbsolute, join } from "node:path";
import { ROOT } from "../workers.ts";

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Everything that survives a restart lies below it. */
  readonly stateDirectory: string;
}

export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const port = Number(environment["PORT"] ?? "8787");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a number from 1 to 65535, not "${environment["PORT"]}".`);
  }
  const state = environment["HOLDFAST_STATE"] ?? ".wrangler/state";
  return {
    host: environment["HOST"] ?? "127.0.0.1",
    port,
    url: `http://localhost:${port}`,
    stateDirectory: isAbsolute(state) ? state : join(ROOT, state),
  };
}

/**
 * Text bindings that depend on where and how we run; they win over the tomls' `[vars]`. `LOG_LEVEL=info` shows every request;
 * `PUBLIC_URL` is where shoppers find the shop, if a proxy stands before it.
 */
export function localVariables(settings: Settings, environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return { PUBLIC_URL: environment["PUBLIC_URL"] ?? settings.url, LOG_LEVEL: environment["LOG_LEVEL"] ?? "warn" };
}
