/** The matrix of the shop: every page and form × every kind of visitor, about the victim's things. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { CART_COOKIE, ORDER_COOKIE, SESSION_COOKIE } from "../../workers/shared/page-cookies.ts";
import { pooled } from "../system/pooled.ts";
import { formOf, PAGE_ROUTES, type PageRoute, pagePath, sessionToken } from "./pages.ts";
import { CANARY, claimsOf, type Scene, setScene, signIn, stateOf } from "./scene.ts";
import { type Page, Visitor } from "./visitor.ts";

const attacked = inject("attacked");
let scene: Scene;

beforeAll(async () => {
  scene = await setScene(attacked);
});

const NOTHING = "addr_01h455vb4pex5vsknk084sn02q";

interface VisitorRow {
  readonly name: string;
  readonly cookies: (scene: Scene) => Readonly<Record<string, string>>;
  readonly headers?: (scene: Scene) => Readonly<Record<string, string>>;
  readonly isCustomer: boolean;
}

const STRANGERS: readonly VisitorRow[] = [
  { name: "nobody", cookies: () => ({}), isCustomer: false },
  {
    name: "another customer with their own cart and order",
    cookies: ({ other }) => ({
      [SESSION_COOKIE]: sessionToken(claimsOf(other.bearer).sid),
      [CART_COOKIE]: other.cart.token,
      [ORDER_COOKIE]: other.orderToken,
    }),
    isCustomer: true,
  },
  {
    name: "a stranger with tokens in each other's cookies",
    cookies: ({ victim }) => ({
      [SESSION_COOKIE]: victim.cart.token,
      [CART_COOKIE]: victim.orderToken,
      [ORDER_COOKIE]: sessionToken(claimsOf(victim.bearer).sid),
    }),
    isCustomer: false,
  },
  {
    name: "a stranger with the victim's ids under another shop's signature",
    cookies: ({ victim }) => ({
      [SESSION_COOKIE]: sessionToken(claimsOf(victim.bearer).sid, "capability-of-another-shop"),
      [CART_COOKIE]: sessionToken(victim.cart.id, "capability-of-another-shop"),
      [ORDER_COOKIE]: `${victim.order.id}.`,
    }),
    isCustomer: false,
  },
  {
    name: "the browser whose session was signed out",
    cookies: ({ revokedBearer }) => ({ [SESSION_COOKIE]: sessionToken(claimsOf(revokedBearer).sid) }),
    isCustomer: false,
  },
  {
    name: "whoever sends the API's credentials to pages",
    cookies: () => ({}),
    headers: ({ victim }) => ({
      authorization: `Bearer ${victim.bearer}`,
      "cart-token": victim.cart.token,
      "order-token": victim.orderToken,
      "x-holdfast-principal": encodeURIComponent(JSON.stringify({ kind: "customer", subject: victim.customerId })),
    }),
    isCustomer: false,
  },
];

async function visit(route: PageRoute, row: VisitorRow, path = pagePath(route, scene)): Promise<Page> {
  const visitor = new Visitor(attacked, row.cookies(scene));
  const headers = row.headers?.(scene) ?? {};
  return route.method === "GET" ? await visitor.get(path, headers) : await visitor.post(path, formOf(route, scene), headers);
}

/** What is wrong with a stranger's answer. */
function fault(route: PageRoute, row: VisitorRow, page: Page): string | undefined {
  const location = page.headers.get("location") ?? "";
  const said = `${route.method} ${route.path} as ${row.name} → ${page.status} ${location} ${page.text.slice(0, 80)}`;
  const { victim } = scene;
  const secrets = [CANARY, victim.cart.token, victim.orderToken, victim.order.number];
  const everything = page.text + [...page.headers].join("\n");
  if (secrets.some((secret) => everything.includes(secret))) return `LEAK ${said}`;
  if (page.status >= 500) return said;
  if (route.rule === "order") return page.status === 404 ? undefined : said;
  if (route.rule !== "account" && route.rule !== "accountItem") return undefined;
  if (row.isCustomer) return undefined;
  return page.status === 303 && location.startsWith("/account/sign-in") ? undefined : said;
}

describe("every page and form", () => {
  it("shows and changes nothing of the victim's, whoever asks", async () => {
    const before = await stateOf(scene);
    const visits = PAGE_ROUTES.flatMap((route) => STRANGERS.map((row) => ({ route, row })));
    // Signing out ends the session that the others come with.
    for (const last of [false, true]) {
      const round = visits.filter(({ route }) => (route.path === "/account/sign-out") === last);
      const faults = await pooled(round, async ({ route, row }) => fault(route, row, await visit(route, row)));
      expect(faults.filter((found) => found !== undefined)).toEqual([]);
    }
    expect(await stateOf(scene)).toEqual(before);
  });

  it("answers other customers about one thing of the victim as about none at all", async () => {
    const { sid } = claimsOf((await signIn(scene.shop, scene.other.email)).access_token);
    const customer = { name: "another customer", cookies: () => ({ [SESSION_COOKIE]: sessionToken(sid) }), isCustomer: true };
    const items = PAGE_ROUTES.filter(({ rule }) => rule === "accountItem");
    expect(items.length).toBeGreaterThan(0);
    for (const route of items) {
      const path = pagePath(route, scene);
      const [theirs, nobodys] = [await visit(route, customer), await visit(route, customer, path.replace(/addr_\w+/, NOTHING))];
      const told = ({ status, headers }: Page) => [route.path, status, headers.get("location")];
      expect(told(theirs)).toEqual(told(nobodys));
      if (route.method === "GET") expect(theirs.status).toBe(404);
    }
  });

  it("shows the victim their own: the account by the session's cookie, cart and order by theirs", async () => {
    const { victim } = scene;
    const customer = new Visitor(attacked, { [SESSION_COOKIE]: sessionToken(claimsOf(victim.bearer).sid) });
    const holder = new Visitor(attacked, { [CART_COOKIE]: victim.cart.token, [ORDER_COOKIE]: victim.orderToken });
    const open: (readonly [Visitor, string])[] = [
      ...["/account", "/account/profile", `/account/addresses/${victim.addressId}`, `/orders/${victim.order.id}`].map(
        (path) => [customer, path] as const,
      ),
      [holder, `/orders/${victim.order.id}`],
    ];
    for (const [visitor, path] of open) {
      const page = await visitor.get(path);
      expect([path, page.status, page.text.includes(CANARY)]).toEqual([path, 200, true]);
      expect(page.headers.get("cache-control")).toContain("no-store");
    }
    expect((await holder.get("/cart")).text).toContain("Real thing");
  });

  it("of an order takes its token from the link, never another one's", async () => {
    const visitor = new Visitor(attacked);
    const path = `/orders/${scene.victim.order.id}`;
    for (const token of [scene.other.orderToken, scene.victim.cart.token, scene.victim.order.id, ""]) {
      await visitor.get(`${path}?${new URLSearchParams({ token })}`);
      expect([token, (await visitor.get(path)).status]).toEqual([token, 404]);
      expect(visitor.cookies.has(ORDER_COOKIE)).toBe(false);
    }
    await visitor.get(`${path}?token=${scene.victim.orderToken}`);
    expect((await visitor.get(path)).status).toBe(200);
  });
});
