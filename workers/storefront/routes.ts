/** The storefront's app: the shop's frame with its pages, area by area. */
import { setLogLevel } from "../shared/telemetry.ts";
import { configuration } from "./configuration.ts";
import { registerAccountPages } from "./pages/account/register.ts";
import { registerAppPages } from "./pages/apps/register.ts";
import { registerCatalogPages } from "./pages/catalog/register.ts";
import { registerCheckoutPages } from "./pages/checkout/register.ts";
import { registerPrivacyPages } from "./pages/privacy/register.ts";
import { registerStaticPages } from "./pages/static/register.ts";
import { createShop } from "./shop.ts";

setLogLevel(configuration.logLevel);

export const app = createShop((shop) => {
  registerCatalogPages(shop);
  registerCheckoutPages(shop);
  registerAccountPages(shop);
  registerAppPages(shop);
  registerPrivacyPages(shop);
  registerStaticPages(shop);
});
