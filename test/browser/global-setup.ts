/**
 * One served shop for the browser tests of all projects: starting and filling it takes longer than most of them. Each project evaluates
 * this file anew in one process, and the process keeps the shop.
 */
import type { TestProject } from "vitest/node";
import { CHROMIUM_MISSING, hasChromium } from "../../scripts/lib/find-chromium.ts";
import type { TestSystem } from "../system/serve-system.ts";
import type { ShopAddress } from "../system/shop.ts";
import { serveDemoShop } from "./served-shop.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly shop: ShopAddress;
  }
}

const kept = globalThis as typeof globalThis & { servedShop?: Promise<TestSystem> };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasChromium()) throw new Error(CHROMIUM_MISSING);
  kept.servedShop ??= serveDemoShop();
  const system = await kept.servedShop;
  project.provide("shop", { url: system.url, adminKey: system.adminKey });
  // After the tests of all projects; the first who comes stops it.
  return async () => {
    const stopping = kept.servedShop;
    delete kept.servedShop;
    await (await stopping)?.stop();
  };
}
