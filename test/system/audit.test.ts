/** The audit and the rebuild by the public API: damage is named, mended, and gone, while the shop goes on selling. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAudit } from "../../scripts/audit/read-audit.ts";
import { publishedDocument } from "./published-api.ts";
import { startSystem, type TestSystem } from "./serve-system.ts";
import { type CheckoutView, Shop } from "./shop.ts";

let system: TestSystem;
let shop: Shop;
let first: CheckoutView;

beforeAll(async () => {
  system = await startSystem();
  shop = new Shop(system, await publishedDocument(system));
  await shop.importProducts([
    { sku: "CUP", priceMinor: 900, stock: 500 },
    { sku: "POT", priceMinor: 2_500, stock: 500 },
  ]);
  first = await shop.buy({ CUP: 2, POT: 1 });
  await shop.buy({ CUP: 1 });
  expect(await shop.violations()).toEqual([]);
});
afterAll(() => system?.stop());

interface Violation {
  readonly invariant: string;
  readonly subject: string;
  readonly detail: string;
}

/** Everything that an audit tells as it goes, and how it ends. */
async function watchAudit() {
  const phases: string[] = [];
  const violations: Violation[] = [];
  const report = await readAudit(system.url, system.adminKey, {
    progress: ({ phase }) => phases.push(phase),
    violation: ({ invariant, subject, detail }) => violations.push({ invariant, subject, detail }),
  });
  return { phases, violations, report };
}

async function damage(worker: string, statement: string): Promise<void> {
  const database = await system.database(worker);
  const { meta } = await database.prepare(statement).run();
  expect(meta.changes, statement).toBeGreaterThan(0);
}

interface ProjectionView {
  readonly name: string;
  readonly lag: number | null;
  readonly beyond: number | null;
  readonly rebuild: { readonly state: string; readonly removed: number; readonly written: number };
}

async function rebuild(name: string): Promise<ProjectionView["rebuild"]> {
  const done = await shop.until(
    () => shop.admin<ProjectionView>("POST", `/v1/admin/projections/${name}/rebuild`),
    (answer) => answer.status === 200,
  );
  return done.body.rebuild;
}

/** One broken row in each projection, and what the audit must say of it. */
const DAMAGES: readonly {
  readonly projection: string;
  readonly worker: string;
  readonly statement: () => string;
  readonly expected: () => Partial<Violation>;
}[] = [
  {
    projection: "orders",
    worker: "holdfast-orders",
    statement: () => `UPDATE orders SET email = 'eve@shop.example', units = 7 WHERE order_id = '${first.order.id}'`,
    expected: () => ({ invariant: "I12", subject: first.order.id }),
  },
  {
    projection: "ledger",
    worker: "holdfast-payments",
    statement: () => `DELETE FROM ledger_entries WHERE order_id = '${first.order.id}' AND account = 'tax_payable'`,
    expected: () => ({ invariant: "I6", detail: "is missing" }),
  },
  {
    projection: "notifications",
    worker: "holdfast-notifications",
    statement: () => `DELETE FROM notifications WHERE order_id = '${first.order.id}'`,
    expected: () => ({ invariant: "I6", detail: "is missing" }),
  },
  {
    projection: "sales",
    worker: "holdfast-analytics",
    statement: () => "UPDATE product_sales SET tax_minor = tax_minor + 1",
    expected: () => ({ invariant: "I12" }),
  },
  {
    projection: "stock",
    worker: "holdfast-analytics",
    statement: () => "UPDATE stock_levels SET held = held + 1 WHERE sku = 'CUP'",
    expected: () => ({ invariant: "I12", subject: "stock level of CUP at main" }),
  },
];

describe("the audit", () => {
  it("streams what it reads, and ends with the report", async () => {
    const { phases, violations, report } = await watchAudit();
    expect(phases.length).toBeGreaterThan(0);
    expect(violations).toEqual([]);
    expect(report).toMatchObject({ holds: true });
    expect(report.invariants.find(({ id }) => id === "I12")?.checked).toBeGreaterThan(10);
  });

  it.each(DAMAGES)("names a damaged row of $projection, and a rebuild mends it while orders are placed", async (damaged) => {
    await damage(damaged.worker, damaged.statement());
    const { violations, report } = await watchAudit();
    expect(violations).toContainEqual(expect.objectContaining(damaged.expected()));
    expect(report.holds).toBe(false);

    const [mended] = await Promise.all([rebuild(damaged.projection), shop.buy({ CUP: 1, POT: 1 }), shop.buy({ POT: 2 })]);
    expect(mended.written).toBeGreaterThan(0);
    expect((await watchAudit()).violations).toEqual([]);
  });

  it("never sends a mail again that a rebuild restored", async () => {
    type Sent = { items: { template: string; status: string }[] };
    const sent = await shop.admin<Sent>("GET", `/v1/admin/notifications?order_id=${first.order.id}`);
    expect(sent.body.items.map(({ template, status }) => ({ template, status }))).toEqual([
      { template: "order_confirmation", status: "skipped" },
    ]);
  });

  it("names a row of an order that no partition has", async () => {
    const stray = "ord_7zzzzzzzzz0008000000000000";
    await damage(
      "holdfast-orders",
      `INSERT INTO orders SELECT '${stray}', number, status, customer_id, email, country, currency, units, total_minor,
         refunded_minor, created_at_ms, placed_at_ms, updated_at_ms FROM orders LIMIT 1`,
    );
    const { violations } = await watchAudit();
    expect(violations).toEqual([expect.objectContaining({ invariant: "I12", subject: stray })]);
    expect(await rebuild("orders")).toMatchObject({ removed: 1, written: 0 });
    expect((await watchAudit()).violations).toEqual([]);
  });

  it("answers everybody who asks at the same time, each with what was read after they asked", async () => {
    const before = await watchAudit();
    const answers = await Promise.all([watchAudit(), watchAudit(), shop.buy({ CUP: 1 }).then(watchAudit)]);
    expect(answers.map(({ report }) => report.holds)).toEqual([true, true, true]);
    const orders = ({ report }: typeof before) => report.invariants.find(({ id }) => id === "I11")?.checked ?? 0;
    expect(orders(answers[2])).toBe(orders(before) + 1);
  });
});

describe("projections", () => {
  it("are listed with what they lack", async () => {
    const listed = await shop.admin<{ items: ProjectionView[] }>("GET", "/v1/admin/projections");
    expect(listed.body.items.map(({ name }) => name)).toEqual(["orders", "ledger", "notifications", "sales", "stock"]);
    expect(listed.body.items.map(({ lag }) => lag)).toEqual([0, 0, 0, 0, null]);
    expect(listed.body.items.map(({ beyond }) => beyond)).toEqual([0, 0, 0, 0, null]);
  });
});
