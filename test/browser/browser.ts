/** A real browser for the tests of the shop's pages: Debian's chromium, driven by playwright. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_MISSING, hasChromium } from "../../scripts/lib/find-chromium.ts";

/** Root in a container has no sandbox, and its shared memory is small. */
export const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"] as const;
/** Far above what a page of this shop takes, also on a busy machine. */
const PATIENCE_MS = 15_000;

export interface Shopper {
  readonly page: Page;
  /** What the page's console and its scripts complained about. */
  readonly complaints: string[];
  readonly context: BrowserContext;
}

export async function startBrowser(): Promise<Browser> {
  if (!hasChromium()) throw new Error(CHROMIUM_MISSING);
  return await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] });
}

export interface ShopperOptions extends Pick<BrowserContextOptions, "javaScriptEnabled" | "locale" | "hasTouch"> {
  readonly width?: number;
}

/** A visitor with a browser profile of its own. */
export async function newShopper(browser: Browser, url: string, options: ShopperOptions = {}): Promise<Shopper> {
  const { width = 1_280, ...others } = options;
  const context = await browser.newContext({
    baseURL: url,
    locale: "en-GB",
    viewport: { width, height: 800 },
    ...others,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page), context };
}

/** A page's own status (404, 422) is for the test to judge; everything else that a console shows in red is a complaint. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  const documents = new Set<string>();
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const isOwnStatus = message.text().startsWith("Failed to load resource") && documents.has(message.location().url);
    if (message.type() === "error" && !isOwnStatus) complaints.push(message.text());
  });
  return complaints;
}
