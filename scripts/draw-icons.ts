/**
 * Draws the shop's bitmap icons from `workers/storefront/icons/favicon.svg` with a local Chromium. Run by hand after the
 * drawing has changed: `node scripts/draw-icons.ts`; the results are committed. `CHROMIUM` names another browser.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { ROOT } from "./workers.ts";

const FOLDER = join(ROOT, "workers/storefront/icons");
const ICO_HEADER_BYTES = 6;
const ICO_ENTRY_BYTES = 16;

async function draw(browser: Browser, svg: string, size: number): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** A square without round corners whose drawing stays inside the circle that every launcher leaves. */
function maskable(svg: string): string {
  return svg.replace(/ rx="\d+"/, "").replace(/<g /, '<g style="transform-origin: 50% 50%; scale: 0.8" ');
}

/** One PNG in an ICO file. Source: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10) */
function ico(png: Buffer, size: number): Buffer {
  const head = Buffer.alloc(ICO_HEADER_BYTES + ICO_ENTRY_BYTES);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(size, 6);
  head.writeUInt8(size, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.byteLength, 14);
  head.writeUInt32LE(head.byteLength, 18);
  return Buffer.concat([head, png]);
}

const svg = readFileSync(join(FOLDER, "favicon.svg"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
writeFileSync(join(FOLDER, "favicon.ico"), ico(await draw(browser, svg, 32), 32));
writeFileSync(join(FOLDER, "icon-192.png"), await draw(browser, svg, 192));
writeFileSync(join(FOLDER, "icon-512.png"), await draw(browser, svg, 512));
writeFileSync(join(FOLDER, "icon-maskable-512.png"), await draw(browser, maskable(svg), 512));
await browser.close();
