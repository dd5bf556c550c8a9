/** The categories: those of the header's bar, and all of them for sitemaps. */
import * as z from "zod";
import type { CategoryLink } from "../layout/site-header.tsx";
import { type Asker, ask } from "./ask.ts";

const BAR_MAX = 12;

const Categories = z.object({
  items: z.array(z.object({ handle: z.string(), title: z.string(), parent: z.string().nullable() })),
  next_cursor: z.string().nullable(),
});

/** Top categories; undefined while the catalogue is away. */
export async function barCategories(asker: Asker): Promise<readonly CategoryLink[] | undefined> {
  const answer = await ask(asker, "CATALOG", { path: "/v1/categories?limit=100" }, Categories);
  if (!answer.ok) return undefined;
  return answer.value.items
    .filter(({ parent }) => parent === null)
    .slice(0, BAR_MAX)
    .map(({ handle, title }) => ({ handle, title }));
}

const CATEGORIES_MAX = 5_000;

/** Every category by page; what could be read when the catalogue stops answering. */
export async function allCategories(asker: Asker): Promise<readonly CategoryLink[]> {
  const found: CategoryLink[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await ask(asker, "CATALOG", { path: `/v1/categories?limit=100${after}` }, Categories);
    if (!answer.ok) break;
    found.push(...answer.value.items);
    cursor = answer.value.next_cursor;
  } while (cursor !== null && found.length < CATEGORIES_MAX);
  return found;
}
