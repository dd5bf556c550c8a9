/** The drizzle tables say what the migrations made. */
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { catalogState, categories, imports, media, prices, products, variants } from "../../../workers/catalog/schema.ts";
import { bindings } from "./client.ts";

describe("the schema", () => {
  it.each(
    [catalogState, categories, products, variants, prices, media, imports].map((table) => [getTableConfig(table)] as const),
  )("mirrors table $name", async (table) => {
    const { results } = await bindings.DATABASE.prepare('SELECT name, "notnull" AS required, pk FROM pragma_table_info(?)')
      .bind(table.name)
      .all<{ name: string; required: number; pk: number }>();
    const made = results.map((column) => [column.name, column.required === 1 || column.pk > 0]);
    expect(table.columns.map((column) => [column.name, column.notNull || column.primary])).toEqual(made);
  });
});
