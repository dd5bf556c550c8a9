/** The demo shop's own pictures: drawn by `scripts/draw-pictures`, uploaded through the calls that operators use. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mapBounded } from "../../workers/shared/map-bounded.ts";
import { ROOT } from "../workers.ts";
import { request } from "./request.ts";

const FOLDER = join(ROOT, "scripts/demo-shop/pictures");
const UPLOADS_AT_ONCE = 6;
const PAGE_LIMIT = 100;

interface PicturePage {
  readonly items: readonly { readonly key: string }[];
  readonly next_cursor: string | null;
}

/** `products/watch-cap.webp` and so on, of the files that are in the repository. */
export function pictureKeys(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".webp"))
    .sort();
}

/** Uploads what is not there yet. @returns how many it sent. */
export async function uploadPictures(url: string, adminKey: string): Promise<number> {
  const present = await presentKeys(url, adminKey);
  const missing = pictureKeys().filter((key) => !present.has(key));
  await mapBounded(missing, UPLOADS_AT_ONCE, async (key) => {
    await request(`${url}/v1/admin/media/${key}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "image/webp" },
      body: readFileSync(join(FOLDER, key)),
    });
  });
  return missing.length;
}

async function presentKeys(url: string, adminKey: string): Promise<Set<string>> {
  const present = new Set<string>();
  for (let cursor: string | null = null; ; ) {
    const after: string = cursor === null ? "" : `&cursor=${cursor}`;
    const page: PicturePage = await request<PicturePage>(`${url}/v1/admin/media?limit=${PAGE_LIMIT}${after}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    for (const { key } of page.items) present.add(key);
    cursor = page.next_cursor;
    if (cursor === null) return present;
  }
}
