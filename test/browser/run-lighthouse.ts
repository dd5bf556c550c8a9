/**
 * `npm run lighthouse`: serves the shop in its production form with the demo data, lets Lighthouse look at four pages as a
 * phone on a slow network would, prints the scores, and fails below the limits. Needs no internet.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import lighthouse, { type Flags } from "lighthouse";
import { chromium } from "playwright-core";
import { CHROMIUM, CHROMIUM_MISSING, hasChromium } from "../../scripts/lib/find-chromium.ts";
import { freePort } from "../../scripts/lib/free-port.ts";
import { ROOT } from "../../scripts/workers.ts";
import { CHROMIUM_FLAGS } from "./browser.ts";
import { serveDemoShop } from "./served-shop.ts";
import { addToCart } from "./steps.ts";

/** Points of 100. */
const LIMITS = { performance: 95, accessibility: 100, "best-practices": 95, seo: 95 } as const;
type Category = keyof typeof LIMITS;
const CATEGORIES = Object.keys(LIMITS) as Category[];

interface Judged {
  readonly name: string;
  readonly path: string;
  /** Audits that ask for the opposite of what the page is meant to be. */
  readonly skipAudits?: string[];
}

const PAGES: readonly Judged[] = [
  { name: "home", path: "/" },
  { name: "category", path: "/categories/outerwear" },
  { name: "product", path: "/products/skerry-rain-jacket" },
  // Nobody's cart belongs into a search engine: the page says noindex.
  { name: "cart", path: "/cart", skipAudits: ["is-crawlable"] },
];

/** Where the full reports go; ignored by git. */
const REPORTS = join(ROOT, ".wrangler", "lighthouse");

interface Scores {
  readonly scores: Readonly<Record<Category, number>>;
  /** Audits that cost points: `category: audit`. */
  readonly losses: readonly string[];
}

async function judge(origin: string, { name, path, skipAudits = [] }: Judged, port: number): Promise<Scores> {
  const flags: Flags = {
    port,
    output: "html",
    logLevel: "error",
    onlyCategories: CATEGORIES,
    skipAudits,
    // Every run begins with an empty cache. Cookies stay: one of them fills the cart's page.
    disableStorageReset: false,
    clearStorageTypes: ["file_systems", "shader_cache", "service_workers", "cache_storage"],
  };
  const result = await lighthouse(origin + path, flags);
  if (result === undefined) throw new Error(`Lighthouse has nothing to say about ${path}`);
  const { lhr, report } = result;
  await writeFile(join(REPORTS, `${name}.html`), String(report));
  const scoreOf = (category: Category) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
  const scores = Object.fromEntries(CATEGORIES.map((category) => [category, scoreOf(category)])) as Record<Category, number>;
  const losses = CATEGORIES.flatMap((category) =>
    (lhr.categories[category]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${category}: ${id} (${lhr.audits[id]?.displayValue ?? lhr.audits[id]?.title})`),
  );
  return { scores, losses };
}

async function main(): Promise<boolean> {
  if (!hasChromium()) throw new Error(CHROMIUM_MISSING);
  await mkdir(REPORTS, { recursive: true });
  const system = await serveDemoShop();
  const port = await freePort();
  const browser = await chromium.launchPersistentContext("", {
    executablePath: CHROMIUM,
    args: [...CHROMIUM_FLAGS, `--remote-debugging-port=${port}`],
    baseURL: system.url,
    locale: "en-GB",
  });
  let isGood = true;
  try {
    const page = await browser.newPage();
    for (const product of ["skerry-rain-jacket", "storm-lantern"]) await addToCart(page, product);
    await page.close();
    console.log(`\n${"page".padEnd(10)}${CATEGORIES.map((category) => category.padStart(16)).join("")}`);
    for (const judged of PAGES) {
      const { scores, losses } = await judge(system.url, judged, port);
      const isBelow = CATEGORIES.some((category) => scores[category] < LIMITS[category]);
      console.log(`${judged.name.padEnd(10)}${CATEGORIES.map((category) => String(scores[category]).padStart(16)).join("")}`);
      for (const loss of losses) console.log(`  ${isBelow ? "✗" : "·"} ${loss}`);
      if (isBelow) isGood = false;
    }
  } finally {
    await browser.close();
    await system.stop();
  }
  const limits = CATEGORIES.map((category) => `${category} ≥ ${LIMITS[category]}`).join(", ");
  console.log(`\n${isGood ? "✓" : "✗"} ${limits}. The cart is meant to be noindex, so \`is-crawlable\` is left out there.`);
  return isGood;
}

process.exit((await main()) ? 0 : 1);
