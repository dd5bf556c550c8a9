/** The orders worker's settings, parsed once when an isolate starts, so that a bad value stops the worker. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { integerVariable, parseConfiguration, SecretVariable, UrlVariable } from "../shared/configuration.ts";
import { CurrencyCode } from "../shared/money.ts";

/** `"GBP,EUR"` → `["GBP", "EUR"]`. */
const CurrencyList = z
  .string()
  .transform((text) => text.split(",").map((code) => code.trim()))
  .pipe(z.array(CurrencyCode).min(1).max(50));

/** Origins, besides our own, that a checkout may send the shopper back to: `"https://shop.example,https://m.shop.example"`. */
const OriginList = z
  .string()
  .transform((text) => text.split(",").flatMap((origin) => (origin.trim() === "" ? [] : [origin.trim()])))
  .pipe(z.array(UrlVariable.refine((url) => new URL(url).origin === url, "must be an origin such as https://shop.example")));

const Configuration = z
  .object({
    PUBLIC_URL: UrlVariable,
    SHOP_CURRENCY: CurrencyCode,
    SHOP_CURRENCIES: CurrencyList,
    PARTITIONS_PER_REGION: integerVariable(1, 256),
    HOLD_MINUTES: integerVariable(1, 24 * 60),
    RETURN_ORIGINS: OriginList,
    CAPABILITY_SECRET: SecretVariable,
  })
  .refine(
    (settings) => settings.SHOP_CURRENCIES.includes(settings.SHOP_CURRENCY),
    "SHOP_CURRENCY must be one of SHOP_CURRENCIES",
  );

export const configuration = parseConfiguration("orders", Configuration, env);

/** Origins that a shopper may be sent back to. */
export const returnOrigins: readonly string[] = [new URL(configuration.PUBLIC_URL).origin, ...configuration.RETURN_ORIGINS];
