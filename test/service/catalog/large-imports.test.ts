/** A file of many rows goes through in resumable steps. */
import { evictDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { admin, bindings, ended, fresh, imported, inventory, upload } from "./client.ts";
import { csv, gzip, line } from "./product-csv.ts";
import { listingDifferences } from "./rebuilt-listings.ts";

beforeEach(async () => {
  await inventory.reset();
});

function bigFile(prefix: string, products: number): { text: string; refused: number } {
  const lines: string[] = [];
  let refused = 0;
  for (let index = 0; index < products; index++) {
    const handle = `${prefix}-${index}`;
    for (let variant = 0; variant < 2; variant++) {
      const bad = (index * 2 + variant) % 97 === 0;
      if (bad) refused++;
      const first = variant === 0 ? { title: `Item ${index}`, option: "Size" } : {};
      lines.push(
        line({
          handle,
          ...first,
          value: String(variant),
          sku: `${handle}-${variant}`,
          quantity: "5",
          price: bad ? "-1" : "2.50",
        }),
      );
    }
  }
  return { text: csv(...lines), refused };
}

describe("a large import", () => {
  it("takes 20,000 rows with refusals, survives evictions in mid-run, and gives the same rows again", async () => {
    const prefix = fresh("big");
    const { text, refused } = bigFile(prefix, 10_000);
    const accepted = await upload(await gzip(text), "application/gzip");
    const { id } = accepted.body;
    for (let evictions = 0; evictions < 3; evictions++) {
      await vi.waitFor(
        async () => {
          const { body } = await admin("GET", `/v1/admin/imports/${id}`);
          if (body.rows < 2_000 * evictions + 1) throw new Error("not yet");
        },
        { timeout: 20_000, interval: 5 },
      );
      await evictDurableObject(bindings.IMPORT_RUN.getByName(id)).catch(() => undefined);
    }
    const run = await ended(id);
    expect(run).toMatchObject({
      status: "completed",
      rows: 20_000,
      products: 10_000,
      accepted: 20_000 - refused,
      refused_count: refused,
    });
    const count = () =>
      bindings.DATABASE.prepare(
        "SELECT count(*) AS variants, count(DISTINCT product_id) AS products, (SELECT count(*) FROM prices) AS prices FROM variants WHERE sku LIKE ?",
      )
        .bind(`${prefix}%`)
        .first<{ variants: number; products: number }>();
    expect(await count()).toMatchObject({ variants: 20_000 - refused, products: 10_000 });
    const again = await imported(text);
    expect(again).toMatchObject({ rows: 20_000, accepted: 20_000 - refused, refused_count: refused });
    expect(await count()).toMatchObject({ variants: 20_000 - refused, products: 10_000 });
    expect(await listingDifferences()).toEqual([]);
  }, 60_000);
});
