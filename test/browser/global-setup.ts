/** One served shop for all browser tests: starting and filling it takes longer than most of them. */
import type { TestProject } from "vitest/node";
import { CHROMIUM_MISSING, hasChromium } from "../../scripts/lib/find-chromium.ts";
import type { ShopAddress } from "../system/shop.ts";
import { serveDemoShop } from "./served-shop.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly shop: ShopAddress;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasChromium()) throw new Error(CHROMIUM_MISSING);
  const system = await serveDemoShop();
  project.provide("shop", { url: system.url, adminKey: system.adminKey });
  return () => system.stop();
}
