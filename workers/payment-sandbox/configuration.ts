/** The sandbox's settings, parsed once when an isolate starts, so that a bad value stops the worker. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { parseConfiguration, SecretVariable, UrlVariable } from "../shared/configuration.ts";

const Configuration = z.object({
  PUBLIC_URL: UrlVariable.transform((url) => url.replace(/\/+$/, "")),
  STRIPE_API_KEY: SecretVariable,
  STRIPE_WEBHOOK_SECRET: SecretVariable,
});

export const configuration = parseConfiguration("payment-sandbox", Configuration, env);
