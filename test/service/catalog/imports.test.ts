/** A CSV becomes products: all of the good rows, none of the bad ones, however often and whatever breaks. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { admin, bindings, call, ended, fresh, get, imported, inventory, type Json, upload } from "./client.ts";
import { csv, gzip, HEADER, line } from "./product-csv.ts";

const codes = (run: Json): [number, string][] => run.refused.map((refusal: Json) => [refusal.row, refusal.code]);

beforeEach(async () => {
  await inventory.reset();
});

describe("an import", () => {
  it("makes products with options, stock, images and a category", async () => {
    const [handle, small, large] = [fresh("shirt"), fresh("S"), fresh("L")];
    const run = await imported(
      `\ufeff${csv(
        line({
          handle,
          title: '"Shirt, ""blue"""',
          body: '"<p>Soft\r\nand warm</p><script>x</script>"',
          option: "Size",
          value: "S",
          sku: small,
          quantity: "4",
          price: "19.99",
          image: "https://cdn.example/1.jpg",
        }),
        line({ handle, value: "L", sku: large, quantity: "0", policy: "continue", price: "24" }),
        `${handle},,,,,,,,,,,,,,,/2.jpg,Back,,`,
      )}`,
    );
    expect(run).toMatchObject({
      status: "completed",
      rows: 3,
      products: 1,
      accepted: 3,
      refused: [],
      refused_count: 0,
      progress: 1,
    });
    const { body } = await get(`/v1/products/${handle}`);
    expect(body).toMatchObject({
      title: 'Shirt, "blue"',
      description: "<p>Soft\r\nand warm</p>",
      vendor: "Vendor",
      tags: ["red", "blue"],
      category: { handle: "gifts", title: "Gifts" },
      options: [{ name: "Size", values: ["S", "L"] }],
      variants: [
        { sku: small, title: "S", price: { amount_minor: 1999, currency: "GBP" }, weight_grams: 250 },
        { sku: large, title: "L", price: { amount_minor: 2400, currency: "GBP" } },
      ],
      media: [{ url: "https://cdn.example/1.jpg" }, { url: "/2.jpg", alt: "Back" }],
    });
    expect(await inventory.balanceOf(small)).toMatchObject({ quantity: 4, backorderable: false });
    expect(await inventory.balanceOf(large)).toMatchObject({ quantity: 0, backorderable: true });
    expect((await get("/v1/products?q=shirt")).body.items).toHaveLength(1);
    expect((await admin("GET", "/v1/admin/imports")).body.items[0]).toMatchObject({ id: run.id, status: "completed", rows: 3 });
    expect(await bindings.IMPORTS.head(`${run.id}.csv`)).toBeNull();
  });

  it("refuses each bad row with its reason and takes the rest", async () => {
    const other = fresh("OTHER");
    await imported(csv(line({ handle: fresh("other"), title: "Other", sku: other, price: "1" })));
    const [good, sku, late] = [fresh("good"), fresh("OK"), fresh("late")];
    const run = await imported(
      csv(
        line({ handle: good, title: "Good", option: "Size", value: "S", sku, price: "1.50" }),
        line({ handle: good, value: "M", sku, price: "1.50" }),
        line({ handle: good, value: "L", sku: other, price: "1.50" }),
        line({ handle: good, value: "XL", price: "1.50" }),
        line({ handle: good, value: "XS", sku: "A1", price: "-1" }),
        line({ handle: good, value: "XS", sku: "A2", price: "1.999" }),
        line({ handle: good, value: "XS", sku: "A3", price: "free" }),
        line({ handle: good, value: "XS", sku: "A4" }),
        line({ handle: good, value: "XS", sku: "A5", price: "1", quantity: "1.5" }),
        line({ handle: good, value: "XS", sku: "=A6", price: "1" }),
        line({ handle: good, sku: "A7", price: "1" }),
        line({ handle: fresh("no-title"), sku: "A8", price: "1" }),
        line({ title: "No handle", sku: "A9", price: "1" }),
        line({ handle: fresh("f"), title: "=cmd|' /C calc'!A0", sku: "A10", price: "1" }),
        line({ handle: fresh("s"), title: "Status", sku: "A11", price: "1", status: "sold" }),
        line({ handle: fresh("i"), title: "Image", sku: "A12", price: "1", image: "http://169.254.169.254/" }),
        `${fresh("q")},"Broken" quotes,,,,,,,,A13,,,,1,,,,,`,
        `${fresh("w")},Wide,,,,,,,,A14,,,,1,,,,,,one,two`,
        line({ handle: late, title: "Still read", sku: fresh("LATE"), price: "2" }),
      ),
    );
    expect(codes(run)).toEqual([
      [3, "duplicate_sku"],
      [4, "duplicate_sku"],
      [5, "missing_sku"],
      [6, "negative_price"],
      [7, "invalid_price"],
      [8, "invalid_price"],
      [9, "missing_price"],
      [10, "invalid_quantity"],
      [11, "formula_cell"],
      [12, "invalid_options"],
      [13, "missing_title"],
      [14, "missing_handle"],
      [15, "formula_cell"],
      [16, "invalid_status"],
      [17, "invalid_image"],
      [18, "broken_quotes"],
      [19, "too_many_columns"],
    ]);
    expect(run).toMatchObject({ status: "completed", rows: 19, products: 2, accepted: 2, refused_count: 17 });
    expect((await get(`/v1/products/${good}`)).body.variants).toHaveLength(1);
    expect((await get(`/v1/products/${late}`)).status).toBe(200);
    const page = await admin("GET", `/v1/admin/imports/${run.id}/refusals?limit=10`);
    const rest = await admin("GET", `/v1/admin/imports/${run.id}/refusals?limit=10&cursor=${page.body.next_cursor}`);
    expect([...page.body.items, ...rest.body.items]).toEqual(run.refused);
    expect(rest.body.next_cursor).toBeNull();
  });

  it("does not create a product whose rows are all refused", async () => {
    const handle = fresh("none");
    const run = await imported(csv(line({ handle, title: "None", sku: fresh("N"), price: "-1" })));
    expect(run).toMatchObject({ products: 0, accepted: 0, refused_count: 1 });
    expect((await admin("GET", `/v1/admin/products?q=${handle}`)).body.items).toEqual([]);
  });

  it("skips a cell of 10 MB and reads on", async () => {
    const [huge, next] = [fresh("huge"), fresh("next")];
    const cell = `"${"word,\r\n".repeat(1_500_000)}"`;
    const run = await imported(
      csv(
        line({ handle: huge, title: "Huge", body: cell, sku: fresh("H"), price: "1" }),
        line({ handle: next, title: "Next", sku: fresh("N"), price: "1" }),
      ),
    );
    expect(codes(run)).toEqual([[2, "cell_too_large"]]);
    expect(run).toMatchObject({ status: "completed", rows: 2, accepted: 1 });
    expect((await get(`/v1/products/${next}`)).status).toBe(200);
  });

  it("loses only one line to a quote that is never closed", async () => {
    const lines = Array.from({ length: 20 }, (_, index) =>
      line({ handle: fresh("q"), title: index === 3 ? '"Open' : `Title ${index}`, sku: fresh("Q"), price: "1" }).replaceAll(
        '"red, blue"',
        "red",
      ),
    );
    const run = await imported(csv(...lines));
    expect(codes(run)).toEqual([[5, "broken_quotes"]]);
    expect(run).toMatchObject({ rows: 20, accepted: 19 });
  });

  it("changes nothing the second time, and leaves stock that is in use alone", async () => {
    const [handle, sku] = [fresh("twice"), fresh("T")];
    const file = csv(line({ handle, title: "Twice", sku, quantity: "4", price: "3.00", image: "/a.jpg" }));
    await imported(file);
    const before = await admin("GET", `/v1/admin/products?q=${handle}`);
    // The stored one: what answers bear may be a moment behind.
    const versionNow = () => bindings.DATABASE.prepare("SELECT version FROM catalog_state").first("version");
    const version = await versionNow();
    await inventory.markInUse(sku);
    const again = await imported(file.replace(",4,,3.00", ",9,,3.00"));
    expect(again).toMatchObject({ rows: 1, products: 1, accepted: 1, refused_count: 0, stock_unchanged: 1 });
    expect((await inventory.balanceOf(sku))?.quantity).toBe(4);
    expect((await admin("GET", `/v1/admin/products?q=${handle}`)).body).toEqual(before.body);
    expect(await versionNow()).toBe(version);
    await imported(file.replace("3.00", "3.50"));
    await vi.waitFor(async () => expect((await get(`/v1/products/${handle}`)).body.price_from.amount_minor).toBe(350));
  });

  it("takes gzip, whatever the headers say", async () => {
    for (const [type, headers] of [
      ["application/gzip", {}],
      ["text/csv", { "content-encoding": "gzip" }],
    ] as const) {
      const handle = fresh("zip");
      const accepted = await upload(await gzip(csv(line({ handle, title: "Zip", sku: fresh("Z"), price: "1" }))), type, headers);
      expect(accepted.status).toBe(202);
      expect(await ended(accepted.body.id)).toMatchObject({ status: "completed", accepted: 1 });
    }
  });

  it("waits for inventory instead of losing rows", async () => {
    await inventory.failNext(5);
    const sku = fresh("W");
    const run = await imported(csv(line({ handle: fresh("w"), title: "Wait", sku, quantity: "2", price: "1" })));
    expect(run).toMatchObject({ status: "completed", accepted: 1 });
    expect((await inventory.balanceOf(sku))?.quantity).toBe(2);
  });

  it.each([
    ["no required column", "Name,Price\r\nA,1\r\n", 422, "invalid_header"],
    ["the same column twice", `${HEADER},Handle\r\n`, 422, "invalid_header"],
    ["broken quotes in the header", `"Handle"x,Title\r\n`, 422, "invalid_header"],
    ["nothing", "", 422, "invalid_header"],
  ])("is refused at once with %s", async (_, file, status, code) => {
    const refused = await upload(file);
    expect(refused).toMatchObject({ status, body: { code } });
  });

  it("names the missing columns", async () => {
    const refused = await upload("Handle,Title\r\na,b\r\n");
    expect(refused.body.errors.map((error: Json) => error.path)).toEqual(["Variant SKU", "Variant Price"]);
  });

  it("refuses other media types, broken gzip, strangers and unknown ids", async () => {
    expect((await upload("{}", "application/json")).status).toBe(415);
    const cut = (await gzip(csv(...Array.from({ length: 50 }, () => line({ handle: fresh("x") }))))).slice(0, 200);
    expect(await upload(cut, "application/gzip")).toMatchObject({ status: 400, body: { code: "malformed_body" } });
    expect((await call("/v1/admin/imports", { method: "POST", body: "x", headers: { "content-type": "text/csv" } })).status).toBe(
      401,
    );
    expect((await admin("GET", "/v1/admin/imports/imp_01h455vb4pex5vsknk084sn02q")).status).toBe(404);
  });
});
