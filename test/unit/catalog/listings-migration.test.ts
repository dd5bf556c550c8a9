/** A shop that was there before lists had rows of their own keeps every product in them. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { configPath } from "../../../scripts/workers.ts";

function migration(service: string, name: string): string {
  return readFileSync(configPath(`migrations/${service}/${name}.sql`), "utf8");
}

describe("the migration to listings", () => {
  it("lists active products by currency with their cheapest price, their tags and their titles", () => {
    const database = new DatabaseSync(":memory:");
    database.exec(migration("catalog", "0001_initial"));
    database.exec(`
      INSERT INTO products (row_id, id, handle, title, description, vendor, type, tags, status, options, created_at_ms, updated_at_ms)
      VALUES (1, 'p1', 'coat', 'Big Coat', '', '', '', '["Featured","warm","WARM"]', 'active', '[]', 0, 0),
        (2, 'p2', 'draft', 'Draft', '', '', '', '["warm"]', 'draft', '[]', 0, 0);
      INSERT INTO variants (id, product_id, sku, option_values, weight_grams, requires_shipping, taxable, position)
      VALUES ('v1', 'p1', 'A', '[]', 0, 1, 1, 1), ('v2', 'p1', 'B', '[]', 0, 1, 1, 2), ('v3', 'p2', 'C', '[]', 0, 1, 1, 1);
      INSERT INTO prices VALUES ('v1', 'GBP', 900, NULL), ('v2', 'GBP', 500, NULL), ('v2', 'EUR', 700, NULL), ('v3', 'GBP', 1, NULL);`);
    database.exec(migration("catalog", "0002_listings"));
    const listed = database.prepare("SELECT currency, row_id, featured, title_key, amount_minor, sold_out FROM listings").all();
    expect(listed.map((row) => Object.values(row))).toEqual([
      ["EUR", 1, 1, "big coat", 700, 0],
      ["GBP", 1, 1, "big coat", 500, 0],
    ]);
    expect(database.prepare("SELECT tag FROM product_tags").all().length).toBe(2);
    expect(database.prepare("SELECT rowid AS id FROM titles_fts WHERE titles_fts MATCH '\"coa\"*'").all()).toMatchObject([
      { id: 1 },
    ]);
  });
});

describe("the migration to sold-out changes", () => {
  it("knows which SKUs that nobody touched have nothing to sell", () => {
    const database = new DatabaseSync(":memory:");
    database.exec(migration("inventory", "0001_initial"));
    database.exec(`
      INSERT INTO skus VALUES ('EMPTY', 0, NULL), ('FULL', 0, NULL), ('BACKORDER', 1, NULL), ('TOUCHED', 0, 5), ('NORTH', 0, NULL);
      INSERT INTO opening_balances VALUES ('EMPTY', 'main', 0), ('FULL', 'main', 3), ('BACKORDER', 'main', 0), ('TOUCHED', 'main', 0),
        ('NORTH', 'main', 0), ('NORTH', 'north', 1);`);
    database.exec(migration("inventory", "0002_sold_out"));
    expect(database.prepare("SELECT * FROM sold_out").all()).toMatchObject([{ sku: "EMPTY", sold_out: 1, revision: 1 }]);
  });
});
