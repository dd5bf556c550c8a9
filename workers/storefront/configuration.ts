/** The storefront's settings, parsed once at start: a bad value stops the worker, not the first shopper's page. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { parseConfiguration, UrlVariable } from "../shared/configuration.ts";
import { CurrencyCode } from "../shared/money.ts";

const CurrencyList = z
  .string()
  .transform((text) => text.split(",").map((code) => code.trim()))
  .pipe(z.array(CurrencyCode).min(1));

const Configuration = z.object({
  /** Where shoppers reach the shop; canonical addresses and the origin check come from it. */
  PUBLIC_URL: UrlVariable,
  SHOP_NAME: z.string().min(1).max(80),
  SHOP_CURRENCIES: CurrencyList,
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

const parsed = parseConfiguration("storefront", Configuration, env);

export const configuration = {
  publicOrigin: new URL(parsed.PUBLIC_URL).origin,
  shopName: parsed.SHOP_NAME,
  currencies: parsed.SHOP_CURRENCIES,
  logLevel: parsed.LOG_LEVEL,
} as const;
