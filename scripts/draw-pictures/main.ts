/**
 * `node scripts/draw-pictures/main.ts [--sheet FILE]`: draws the demo shop's pictures and writes them as WebP into
 * `scripts/demo-shop/pictures/`, where they are committed. Chromium renders the SVG; the same source gives the same pictures.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { CATEGORIES } from "../demo-shop/assortment.ts";
import { categoryPicture } from "../demo-shop/picture-keys.ts";
import { ROOT } from "../workers.ts";
import { hero, stillLife } from "./compositions.ts";
import { contactSheet } from "./contact-sheet.ts";
import { productPictures } from "./product-pictures.ts";

const FOLDER = join(ROOT, "scripts/demo-shop/pictures");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const QUALITY = 0.82;

/** Key → SVG. */
function allPictures(): Map<string, string> {
  const pictures = new Map<string, string>();
  for (const { title, products } of CATEGORIES) {
    for (const product of products) for (const [key, svg] of productPictures(title, product)) pictures.set(key, svg);
    pictures.set(categoryPicture(title), stillLife(title));
  }
  pictures.set("home/hero.webp", hero());
  return pictures;
}

/** Runs in the browser, and is text because nothing else here knows of documents. */
const ENCODE = `async (svg, quality) => {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality);
}`;

async function render(page: Page, svg: string): Promise<Buffer> {
  const url = await page.evaluate<string>(`(${ENCODE})(${JSON.stringify(svg)}, ${QUALITY})`);
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

/** The folder then holds these and no other. @returns their bytes. */
function replacePictures(rendered: ReadonlyMap<string, Buffer>): number {
  rmSync(FOLDER, { recursive: true, force: true });
  let bytes = 0;
  for (const [key, webp] of rendered) {
    const file = join(FOLDER, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, webp);
    bytes += webp.length;
  }
  return bytes;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { sheet: { type: "string" } } });
  const pictures = allPictures();
  if (!existsSync(CHROMIUM)) throw new Error(`There is no browser at ${CHROMIUM}; say where one is by CHROMIUM=…`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const rendered = new Map<string, Buffer>();
    for (const [key, svg] of pictures) {
      const webp = await render(page, svg).catch((error: unknown) => {
        throw new Error(`${key} cannot be rendered: ${String(error)}`);
      });
      rendered.set(key, webp);
    }
    const bytes = replacePictures(rendered);
    console.log(`${rendered.size} pictures, ${Math.round(bytes / 1024)} kB, in ${FOLDER}`);
    if (values.sheet !== undefined) await contactSheet(page, [...pictures.keys()], FOLDER, values.sheet);
  } finally {
    await browser.close();
  }
}

await main();
