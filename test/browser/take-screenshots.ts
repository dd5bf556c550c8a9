/**
 * `npm run screenshots [-- NAME …]`: pictures of every page at 360 and 1280 px, light and dark, in `screenshots/`, for a
 * person to look at. With names, only of the pages whose names begin so.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../scripts/workers.ts";
import { startBrowser } from "./browser.ts";
import { type Cast, castPeople } from "./cast.ts";
import { PAGES, PICTURED, type ShopPage } from "./pages.ts";
import { serveDemoShop } from "./served-shop.ts";

const FOLDER = join(ROOT, "screenshots");
const WIDTHS = [360, 1_280] as const;
const SCHEMES = ["light", "dark"] as const;

async function picture({ name, role, open }: ShopPage, cast: Cast, width: number): Promise<void> {
  const { page } = cast[role];
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await open(page, cast);
  await showEveryPicture(cast, role);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  }
}

/** Those below the fold wait until somebody scrolls. */
async function showEveryPicture(cast: Cast, role: ShopPage["role"]): Promise<void> {
  await cast[role].page.evaluate(`Promise.race([
    new Promise((resolve) => setTimeout(resolve, 10_000)),
    Promise.all(Array.from(document.images, (image) => { image.loading = "eager"; return image.decode().catch(() => {}); })),
  ])`);
}

async function main(wanted: readonly string[]): Promise<void> {
  const pages = [...PAGES, ...PICTURED].filter(
    ({ name }) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix)),
  );
  if (wanted.length === 0) await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const browser = await startBrowser();
  const system = await serveDemoShop();
  const failures: string[] = [];
  try {
    for (const width of WIDTHS) {
      const cast = await castPeople(browser, system, { width, hasTouch: width < 600 });
      for (const page of pages) await picture(page, cast, width).catch((error) => failures.push(`${page.name}: ${error}`));
      for (const { context } of Object.values(cast)) await context.close();
    }
  } finally {
    await browser.close();
    await system.stop();
  }
  console.log(
    `${pages.length} pages, ${pages.length * WIDTHS.length * SCHEMES.length - 2 * failures.length} pictures in screenshots/`,
  );
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
