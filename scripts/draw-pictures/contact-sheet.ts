/** All pictures on one page, for a person to look at. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const COLUMNS = 10;
const CELL_PIXELS = 190;

export async function contactSheet(page: Page, keys: readonly string[], folder: string, file: string): Promise<void> {
  const figures = keys.map((key) => {
    const source = readFileSync(join(folder, key)).toString("base64");
    return `<figure><img src="data:image/webp;base64,${source}" alt=""><figcaption>${key}</figcaption></figure>`;
  });
  await page.setViewportSize({ width: COLUMNS * CELL_PIXELS, height: 900 });
  await page.setContent(
    `<style>body{margin:0;display:grid;grid-template-columns:repeat(${COLUMNS},1fr);gap:4px;font:10px sans-serif}figure{margin:0}img{width:100%;display:block}</style>${figures.join("")}`,
  );
  await page.screenshot({ path: file, fullPage: true });
}
