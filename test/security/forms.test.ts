/** Forms are taken from our own pages alone (CSRF): every form of the router, with all that another site could make a browser send. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { CART_COOKIE, SESSION_COOKIE } from "../../workers/shared/page-cookies.ts";
import { pooled } from "../system/pooled.ts";
import { TOKENLESS_FORMS } from "./page-access.ts";
import { formOf, PAGE_ROUTES, type PageRoute, pagePath, sessionToken } from "./pages.ts";
import { claimsOf, type Scene, setScene, stateOf } from "./scene.ts";
import { type Sent, Visitor } from "./visitor.ts";

const attacked = inject("attacked");
const FORMS = PAGE_ROUTES.filter(({ method }) => method === "POST");
let scene: Scene;
/** Signed in, with a cart and with the right token. */
let browser: Visitor;

beforeAll(async () => {
  scene = await setScene(attacked);
  const { victim } = scene;
  browser = new Visitor(attacked, {
    [SESSION_COOKIE]: sessionToken(claimsOf(victim.bearer).sid),
    [CART_COOKIE]: victim.cart.token,
  });
  await browser.formToken();
});

type Form = ReturnType<typeof formOf>;

interface Attack {
  readonly name: string;
  readonly headers: Sent;
  /** Undefined: the right one, as if it had leaked. */
  readonly token?: (() => Promise<string>) | undefined;
}

const QUIET = { origin: undefined, "sec-fetch-site": undefined };
const none = async () => "";
const elsewhere = "https://elsewhere.example";

/** Refused at every form, the right token notwithstanding. */
const FOREIGN: readonly Attack[] = [
  { name: "another site, as the browser says", headers: { origin: elsewhere, "sec-fetch-site": "cross-site" } },
  { name: "another host of our domain", headers: { "sec-fetch-site": "same-site" } },
  { name: "another origin, from a browser that says no more", headers: { ...QUIET, origin: elsewhere } },
  { name: "an origin that hides (Origin: null)", headers: { ...QUIET, origin: "null" } },
  { name: "an origin that begins like ours", headers: { ...QUIET, origin: `${attacked.url}.elsewhere.example` } },
  { name: "our host on another port", headers: { ...QUIET, origin: "http://127.0.0.1:1" } },
  {
    name: "another site, as text/plain",
    headers: { origin: elsewhere, "sec-fetch-site": "cross-site", "content-type": "text/plain" },
  },
  { name: "another site, without a content type", headers: { ...QUIET, origin: elsewhere, "content-type": undefined } },
];

/** Refused at every form that carries a token, though it claims to come from us. */
const UNPROVEN: readonly Attack[] = [
  { name: "no token", headers: {}, token: none },
  { name: "neither origin nor token", headers: QUIET, token: none },
  { name: "a token of another visit", headers: {}, token: () => new Visitor(attacked).formToken() },
  { name: "a token that is none", headers: {}, token: async () => "A".repeat(48) },
  { name: "no content type", headers: { "content-type": undefined } },
  { name: "text/plain", headers: { "content-type": "text/plain" } },
  { name: "JSON", headers: { "content-type": "application/json" } },
];

async function refusal(path: string, form: Form, { name, headers, token }: Attack): Promise<string | undefined> {
  const over = token === undefined ? {} : { form_token: await token() };
  const page = await browser.copy().post(path, { ...form, ...over }, headers);
  if (page.status !== 403) return `POST ${path} from ${name} → ${page.status}`;
  return page.headers.getSetCookie().length > 0 ? `POST ${path} from ${name} changes cookies` : undefined;
}

async function refusals(forms: readonly PageRoute[], attacks: readonly Attack[]): Promise<string[]> {
  const tried = forms.flatMap((route, at) =>
    attacks.map((attack, nth) => {
      const path = pagePath(route, scene);
      // A form has an address in every language: they take turns.
      return { path: (at + nth) % 2 === 0 ? path : `/de${path}`, form: formOf(route, scene), attack };
    }),
  );
  expect(tried.length).toBeGreaterThan(100);
  const found = await pooled(tried, ({ path, form, attack }) => refusal(path, form, attack));
  return found.filter((each) => each !== undefined);
}

describe("every form", () => {
  it("is refused from another site, whatever the browser says or leaves out, and changes nothing (CSRF)", async () => {
    const before = await stateOf(scene);
    expect(await refusals(FORMS, FOREIGN)).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });

  it("of a personal page is refused without the visit's own token, and without the content type of a form", async () => {
    const before = await stateOf(scene);
    const withToken = FORMS.filter(({ path }) => !TOKENLESS_FORMS.includes(`POST ${path}`));
    expect(await refusals(withToken, UNPROVEN)).toEqual([]);
    expect(await stateOf(scene)).toEqual(before);
  });

  it("is taken from our own page", async () => {
    const guest = new Visitor(attacked);
    await guest.formToken();
    const statuses = await pooled(FORMS, async (route) => {
      return [route.path, (await guest.copy().post(pagePath(route, scene), formOf(route, scene))).status] as const;
    });
    expect(statuses.filter(([, status]) => status === 403 || status >= 500)).toEqual([]);
  });

  it("cannot be sent by a link: GET changes nothing", async () => {
    const before = await stateOf(scene);
    const token = await browser.formToken();
    await pooled(FORMS, async (route) => {
      const query = new URLSearchParams({ form_token: token, ...formOf(route, scene) });
      return await browser.copy().get(`${pagePath(route, scene)}?${query}`);
    });
    expect(await stateOf(scene)).toEqual(before);
  });
});
