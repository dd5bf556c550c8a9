/** A test file's browser at the shared shop. What its shoppers' consoles complained about fails the test. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { newShopper, type Shopper, type ShopperOptions, startBrowser } from "./browser.ts";

export interface Visits {
  /** Somebody new, gone again after the test. */
  newcomer(options?: ShopperOptions): Promise<Shopper>;
}

/** To be called once, at the top of a file. */
export function visits(): Visits {
  const { url } = inject("shop");
  let browser: Browser;
  let present: Shopper[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const leaving = present;
    present = [];
    for (const { context } of leaving) await context.close();
    expect(leaving.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
  return {
    newcomer: async (options) => {
      const shopper = await newShopper(browser, url, options);
      present.push(shopper);
      return shopper;
    },
  };
}
