/** Text that would be code somewhere: stored and read back, put into addresses, headers, cookies, and names of fields. */
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { pooled } from "../system/pooled.ts";
import { Shop } from "../system/shop.ts";
import { Visitor } from "./visitor.ts";

const attacked = inject("attacked");
const shop = new Shop(attacked);

interface Listed {
  readonly items: readonly { readonly id: string; readonly handle: string; readonly title: string }[];
}

const CODE = [
  `'; DROP TABLE products; --`,
  `" OR ""="`,
  `') UNION SELECT password_hash FROM customers --`,
  `../../admin`,
  `..%2f..%2fadmin`,
  `__proto__`,
  `constructor`,
  `{{7*7}}\${7*7}<%= 7*7 %>`,
  `"><script>alert(1)</script>`,
  `title:* OR NEAR(a b)`,
  `=HYPERLINK("http://elsewhere.example")`,
  `%00%0d%0aset-cookie: evil=1`,
];

function productOf(code: string) {
  const sku = `code-${randomUUID()}`;
  const prices = [{ amount_minor: 1_000, currency: "GBP" }];
  return {
    title: code,
    vendor: code,
    type: code,
    tags: [code],
    options: [code],
    variants: [{ sku, option_values: [code], prices }],
  };
}

describe("text that was stored (second-order injection)", () => {
  let before: number;

  beforeAll(async () => {
    before = (await shop.call<Listed>("GET", "/v1/products?q=real")).body.items.length;
    expect(before).toBeGreaterThan(0);
  });

  it("is read back as it was written, in every list, search, filter, page and export that uses it again", async () => {
    const added = await pooled(CODE, async (code) => {
      const made = await shop.admin<{ id: string; handle: string }>("POST", "/v1/admin/products", { body: productOf(code) });
      expect([code, made.status]).toEqual([code, 201]);
      return { code, ...made.body };
    });
    await pooled(added, async ({ code, handle }) => {
      expect(handle).toMatch(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u);
      const encoded = encodeURIComponent(code);
      const product = await shop.call<{ title: string }>("GET", `/v1/products/${encodeURIComponent(handle)}`);
      expect([product.status, product.body.title]).toEqual([200, code]);
      const again = [
        `/v1/products?tag=${encoded}`,
        `/v1/products?q=${encoded}&sort=title&facets=true`,
        `/v1/search/suggestions?q=${encoded}`,
      ];
      for (const path of again) expect([path, (await shop.call("GET", path)).status]).toEqual([path, 200]);
      const pages = [`/products/${encodeURIComponent(handle)}`, `/search?q=${encoded}`, `/search?tag=${encoded}`];
      for (const path of pages) expect([path, (await new Visitor(attacked).get(path)).status]).toEqual([path, 200]);
    });
    for (const path of ["/sitemap/products.xml", "/search"]) expect((await new Visitor(attacked).get(path)).status).toBe(200);
    const csv = (await shop.admin<string>("GET", "/v1/admin/exports/products.csv")).body;
    expect(csv).not.toMatch(/(?:^|,)"?=HYPERLINK/m);
    expect((await shop.call<Listed>("GET", "/v1/products?q=real")).body.items).toHaveLength(before);
    for (const { id } of added) expect((await shop.admin("DELETE", `/v1/admin/products/${id}`)).status).toBeLessThan(300);
  });

  it("is no handle: what would be code in an address is refused, alone or in a file", async () => {
    const handles = CODE.filter((code) => !/^[\w.-]+$/.test(code));
    for (const handle of handles) {
      const made = await shop.admin("POST", "/v1/admin/products", { body: { ...productOf("Plain"), handle } });
      expect([handle, made.status]).toEqual([handle, 422]);
      const category = await shop.admin("POST", "/v1/admin/categories", { body: { title: "Plain", handle } });
      expect([handle, category.status]).toEqual([handle, 422]);
    }
  });
});

describe("an order of rows", () => {
  it("is one of those that are named, never text of the caller's (ORDER BY)", async () => {
    for (const sort of [
      "price_asc;--",
      "1",
      "title DESC",
      "(SELECT 1)",
      "created_at",
      "l.amount_minor",
      "price_asc,title",
      "CASE WHEN 1 THEN 1 END",
      "__proto__",
    ]) {
      const answer = await shop.call("GET", `/v1/products?sort=${encodeURIComponent(sort)}`);
      expect([sort, answer.status]).toEqual([sort, 400]);
      expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|syntax/i);
    }
  });
});

describe("line ends", () => {
  it("in addresses, forms and cookies make no header and no cookie (CRLF)", async () => {
    const lines = [
      "%0d%0aset-cookie:%20evil=1",
      "%0aset-cookie:%20evil=1",
      "%E5%98%8A%E5%98%8Dset-cookie:%20evil=1",
      "\r\nset-cookie: evil=1",
    ];
    for (const line of lines) {
      const encoded = line.includes("%") ? line : encodeURIComponent(line);
      const visitor = new Visitor(attacked, { "__Host-holdfast-language": encoded, "__Host-holdfast-flash": encoded });
      const pages = await Promise.all([
        visitor.get(`/en/${encoded}/`),
        visitor.get(`/products/${encoded}/`),
        visitor.get(`/account?x=${encoded}`),
        visitor.get(`/orders/ord_01h455vb4pex5vsknk084sn02q?token=${encoded}`),
        visitor.post("/settings", {
          language: "de",
          country: decodeURIComponent(encoded),
          return_to: `/${decodeURIComponent(encoded)}`,
        }),
      ]);
      for (const { status, headers } of pages) {
        expect(status).toBeLessThan(500);
        expect(headers.getSetCookie().filter((cookie) => !cookie.startsWith("__Host-holdfast-"))).toEqual([]);
        expect([...headers.values()].filter((value) => /[\r\n]/.test(value))).toEqual([]);
      }
    }
  });

  it("in a request's own headers reach no answer: the id that is echoed is made anew", async () => {
    const { hostname, port } = new URL(attacked.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /v1/products HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\nx-request-id: a\r\n set-cookie: evil=1\r\n\r\n`,
    );
    expect(await text(socket)).not.toMatch(/^set-cookie:/im);
  });
});

describe("names that every object has", () => {
  it("are fields that nobody knows, in bodies, queries and forms, prototypes among them", async () => {
    for (const name of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
      const body = `{"currency":"GBP",${JSON.stringify(name)}:{"price":1,"is_admin":true}}`;
      const cart = await shop.call("POST", "/v1/carts", { body, headers: { "content-type": "application/json" } });
      expect([name, [400, 422].includes(cart.status)]).toEqual([name, true]);
      const found = await shop.call<Listed>("GET", `/v1/products?q=real&${name}=1&${name}[is_admin]=1`);
      expect(found.status).toBeLessThan(500);
      const visitor = new Visitor(attacked, { [name]: "1" });
      const form = await visitor.post("/cart/lines", { [name]: "1", [`${name}[sku]`]: "REAL", sku: name });
      expect(form.status).toBe(303);
      expect((await visitor.get(`/products/${name}`)).status).toBe(404);
      expect((await shop.call("GET", `/v1/products/${name}`)).status).toBe(404);
    }
    // Nothing of it stayed with whoever comes next.
    const fresh = await shop.call("POST", "/v1/carts", { body: { currency: "GBP" } });
    expect(fresh.status).toBe(201);
    expect((await shop.call("GET", "/v1/admin/orders")).status).toBe(401);
  });
});
