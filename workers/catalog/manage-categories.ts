/** Categories: a tree by parent. Products of a deleted category stay, without one. */
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alias } from "drizzle-orm/sqlite-core";
import { reindexSlices } from "../../durable-objects/import-run/apply-write.ts";
import { raiseVersion } from "../../durable-objects/import-run/search-index.ts";
import { slugOf } from "../../durable-objects/import-run/slug.ts";
import { systemClock } from "../shared/clock.ts";
import { newId } from "../shared/identifiers.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { type CatalogError, isUniqueViolation } from "./catalog-error.ts";
import { defined } from "./defined.ts";
import { forgetHotCatalog } from "./hot-catalog.ts";
import type { CategoryInput, CategoryPatch } from "./product-input.ts";
import { categories } from "./schema.ts";

interface Category {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  /** Handle. */
  readonly parent: string | null;
  readonly position: number;
  readonly image: string | null;
  readonly description: string;
}

type CategoryResult = Promise<Result<Category, CatalogError>>;

const parents = alias(categories, "parents");

function selectCategories(database: D1Database) {
  return drizzle(database)
    .select({
      id: categories.id,
      handle: categories.handle,
      title: categories.title,
      parent: parents.handle,
      position: categories.position,
      image: categories.image,
      description: categories.description,
    })
    .from(categories)
    .leftJoin(parents, eq(parents.id, categories.parentId));
}

async function readCategory(database: D1Database, handle: string): CategoryResult {
  const [found] = await selectCategories(database).where(eq(categories.handle, handle));
  return found === undefined ? err({ code: "category_unknown", handle }) : ok(found);
}

export async function createCategory(database: D1Database, input: CategoryInput): CategoryResult {
  const handle = input.handle ?? slugOf(input.title);
  if (handle === "") {
    return err({ code: "invalid_body", errors: [{ path: "handle", message: "is needed: the title has no letter or digit" }] });
  }
  const parent = input.parent === null ? ok(null) : await readCategory(database, input.parent);
  if (!parent.ok) return parent;
  const nowMs = systemClock.now();
  const insert = database
    .prepare(
      `INSERT INTO categories (id, handle, title, parent_id, created_at_ms, updated_at_ms, position, image, description)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)`,
    )
    .bind(
      newId("cat", nowMs),
      handle,
      input.title,
      parent.value?.id ?? null,
      nowMs,
      input.position,
      input.image,
      input.description,
    );
  return await commit(database, [insert], handle);
}

export async function changeCategory(database: D1Database, handle: string, patch: CategoryPatch): CategoryResult {
  const found = await readCategory(database, handle);
  if (!found.ok) return found;
  const parentHandle = patch.parent === undefined ? found.value.parent : patch.parent;
  const parent = parentHandle === null ? ok(null) : await readCategory(database, parentHandle);
  if (!parent.ok) return parent;
  if (parent.value !== null && (await isBelow(database, parent.value.id, found.value.id))) return err({ code: "category_loop" });
  const { title, position, image, description } = { ...found.value, ...defined(patch) };
  const update = database
    .prepare(
      `UPDATE categories SET handle = ?2, title = ?3, parent_id = ?4, updated_at_ms = ?5, position = ?6, image = ?7, description = ?8
       WHERE id = ?1`,
    )
    .bind(
      found.value.id,
      patch.handle ?? handle,
      title,
      parent.value?.id ?? null,
      systemClock.now(),
      position,
      image,
      description,
    );
  const reindex = title === found.value.title ? [] : await reindexCategory(database, found.value.id);
  return await commit(database, [update, ...reindex], patch.handle ?? handle);
}

export async function deleteCategory(database: D1Database, handle: string): Promise<Result<null, CatalogError>> {
  const found = await readCategory(database, handle);
  if (!found.ok) return found;
  const child = await database.prepare("SELECT 1 FROM categories WHERE parent_id = ?1 LIMIT 1").bind(found.value.id).first();
  if (child !== null) return err({ code: "category_in_use" });
  const indexed = await readIndexed(database, found.value.id);
  const remove = database.prepare("DELETE FROM categories WHERE id = ?1").bind(found.value.id);
  await database.batch([remove, ...reindexSlices(database, indexed), raiseVersion(database)]);
  forgetHotCatalog();
  return ok(null);
}

/** The category's title is among the words that find its products. */
async function reindexCategory(database: D1Database, categoryId: string): Promise<D1PreparedStatement[]> {
  return reindexSlices(database, await readIndexed(database, categoryId));
}

async function readIndexed(database: D1Database, categoryId: string): Promise<{ id: string; description: string }[]> {
  const { results } = await database
    .prepare("SELECT id, description FROM products WHERE category_id = ?1 AND status = 'active'")
    .bind(categoryId)
    .all<{ id: string; description: string }>();
  return results;
}

/** Is `categoryId` the other one, or anywhere below it? */
async function isBelow(database: D1Database, categoryId: string, otherId: string): Promise<boolean> {
  const row = await database
    .prepare(
      `WITH RECURSIVE above (id, parent_id) AS (
         SELECT id, parent_id FROM categories WHERE id = ?1
         UNION SELECT c.id, c.parent_id FROM categories c JOIN above ON c.id = above.parent_id
       ) SELECT 1 FROM above WHERE id = ?2`,
    )
    .bind(categoryId, otherId)
    .first();
  return row !== null;
}

async function commit(database: D1Database, statements: readonly D1PreparedStatement[], handle: string): CategoryResult {
  try {
    await database.batch([...statements, raiseVersion(database)]);
  } catch (error) {
    if (isUniqueViolation(error)) return err({ code: "handle_taken", handle });
    throw error;
  } finally {
    forgetHotCatalog();
  }
  return await readCategory(database, handle);
}
