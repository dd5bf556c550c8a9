/** What browsers are told: every page and every answer of the API carries its policy, and every cookie its prefix. Generated. */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { SESSION_COOKIE } from "../../workers/shared/page-cookies.ts";
import { pooled } from "../system/pooled.ts";
import { type ApiDocument, operations } from "../system/published-api.ts";
import { PAGE_ROUTES, pagePath, sessionToken } from "./pages.ts";
import { send } from "./requests.ts";
import { claimsOf, type Scene, setScene, withBearer } from "./scene.ts";
import { type Page, Visitor } from "./visitor.ts";

const attacked = inject("attacked");
const READABLE = PAGE_ROUTES.filter(({ method }) => method === "GET");
let scene: Scene;
let everyPage: readonly Seen[];

beforeAll(async () => {
  scene = await setScene(attacked);
  everyPage = await visitEveryPage();
});

interface Seen {
  readonly path: string;
  readonly page: Page;
}

/** Every page as a guest and as the victim, in two languages. */
async function visitEveryPage(): Promise<Seen[]> {
  const sessions = [{}, { [SESSION_COOKIE]: sessionToken(claimsOf(scene.victim.bearer).sid) }];
  const visits = sessions.flatMap((cookies) =>
    READABLE.flatMap((route) => [pagePath(route, scene), `/ja${pagePath(route, scene)}`].map((path) => ({ cookies, path }))),
  );
  return await pooled(visits, async ({ cookies, path }) => ({ path, page: await new Visitor(attacked, cookies).get(path) }));
}

function isHtml({ page }: Seen): boolean {
  return page.headers.get("content-type")?.startsWith("text/html") === true;
}

function directives(page: Page): Map<string, string> {
  const policy = page.headers.get("content-security-policy") ?? "";
  return new Map(policy.split(";").map((directive) => [directive.trim().split(" ")[0] ?? "", directive.trim()]));
}

const RETURN_NAMES = ["return_to", "return", "return_url", "redirect", "redirect_uri", "next", "url", "to", "continue"];
const ELSEWHERE = [
  "//elsewhere.example",
  "https://elsewhere.example",
  "/\\elsewhere.example",
  "\\\\elsewhere.example",
  "/\t/elsewhere.example",
  "javascript:alert('elsewhere')",
  "%2f%2felsewhere.example",
  "https:elsewhere.example",
  "//elsewhere.example/%2e%2e",
  "/.//elsewhere.example",
  "http://127.0.0.1:1@elsewhere.example",
];

describe("every page", () => {
  it("runs scripts by this answer's nonce alone, and no handler or script in its markup", async () => {
    const pages = everyPage.filter(isHtml);
    expect(pages.length).toBeGreaterThan(40);
    const nonces: string[] = [];
    for (const { path, page } of pages) {
      const scripts = directives(page).get("script-src") ?? "";
      const nonce = /^script-src 'nonce-([A-Za-z0-9+/=]{22,})' 'strict-dynamic'$/.exec(scripts)?.[1];
      expect([path, scripts]).toEqual([path, `script-src 'nonce-${nonce}' 'strict-dynamic'`]);
      const tags = page.text.match(/<script\b[^>]*>/g) ?? [];
      const running = tags.filter((tag) => !tag.includes("application/ld+json") && !tag.includes("application/json"));
      expect([path, running.filter((tag) => !tag.includes(`nonce="${nonce}"`))]).toEqual([path, []]);
      expect([path, page.text.match(/<[^>]+\son[a-z]+=|javascript:|<base\b|<iframe\b/gi)]).toEqual([path, null]);
      nonces.push(nonce ?? "");
    }
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it("loads nothing by default, is framed by nobody, has one base and sends forms home", async () => {
    for (const { path, page } of everyPage.filter(isHtml)) {
      const policy = directives(page);
      const said = ["default-src", "frame-ancestors", "base-uri", "form-action"].map((name) => policy.get(name));
      expect([path, ...said]).toEqual([
        path,
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ]);
      expect([path, JSON.stringify([...policy]).match(/unsafe-(?:inline|eval)/)]).toEqual([path, null]);
      expect(page.headers.get("referrer-policy")).toBe("same-origin");
    }
  });

  it("is sniffed by no browser, and kept by no shared cache once somebody is signed in", async () => {
    for (const { path, page } of everyPage) expect([path, page.headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
    const session = { [SESSION_COOKIE]: sessionToken(claimsOf(scene.victim.bearer).sid) };
    const personal = await pooled(READABLE, async (route) => {
      const page = await new Visitor(attacked, session).get(pagePath(route, scene));
      return { path: route.path, page };
    });
    const kept = personal.filter(
      (seen) => isHtml(seen) && !/no-store|private/.test(seen.page.headers.get("cache-control") ?? ""),
    );
    expect(kept.map(({ path }) => path)).toEqual([]);
  });

  it("sets cookies for this host, TLS and HTTP alone (__Host-)", async () => {
    const cookies = everyPage.flatMap(({ page }) => page.headers.getSetCookie());
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-holdfast-[a-z]+=/);
      for (const attribute of ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"])
        expect(cookie.split("; ").some((part) => part === attribute)).toBe(true);
      expect(cookie).not.toMatch(/domain=/i);
    }
  });

  it("leads nowhere else, whatever its address asks for (regression: unvalidated redirect)", async () => {
    // Each page is asked a few times, each time with other addresses under the names.
    const rounds = [0, 3, 6, 9].flatMap((shift) => READABLE.map((route) => ({ route, shift })));
    const led = await pooled(rounds, async ({ route, shift }) => {
      const query = new URLSearchParams(RETURN_NAMES.map((name, at) => [name, ELSEWHERE[(at + shift) % ELSEWHERE.length] ?? ""]));
      const path = pagePath(route, scene);
      const page = await new Visitor(attacked).get(`${path}${path.includes("?") ? "&" : "?"}${query}`);
      const location = page.headers.get("location");
      const leaves = location !== null && new URL(location, attacked.url).origin !== attacked.url;
      const offers = /(?:href|action|content|value)="(?:\d;url=)?\s*(?:\/\/|\/\\|https?:|javascript:)[^"]*elsewhere/i.test(
        page.text,
      );
      return leaves || offers ? `${path}?${query} → ${location}` : undefined;
    });
    expect(led.filter((found) => found !== undefined)).toEqual([]);
  });
});

describe("every answer of the API", () => {
  it("is sniffed by no browser, runs nothing, is framed by nobody, and what is personal is kept by no cache", async () => {
    const document = (await (await fetch(`${attacked.url}/openapi.json`)).json()) as ApiDocument;
    const reads = operations(document).filter(({ method }) => method === "GET");
    expect(reads.length).toBeGreaterThan(30);
    await pooled(reads, async (target) => {
      const admin = target.path.startsWith("/v1/admin/");
      const tokens = { "cart-token": scene.victim.cart.token, "order-token": scene.victim.orderToken };
      const headers = { ...withBearer(admin ? attacked.adminKey : scene.victim.bearer), ...tokens };
      const reply = await send(attacked.url, document, target, scene, headers);
      const said = ["x-content-type-options", "content-security-policy"].map((name) => reply.headers.get(name));
      expect([target.path, ...said]).toEqual([target.path, "nosniff", expect.stringContaining("default-src 'none'")]);
      expect(reply.headers.getSetCookie()).toEqual([]);
      if (/^\/v1\/(?:me|admin|carts|orders)\b/.test(target.path))
        expect([target.path, reply.headers.get("cache-control")]).toEqual([target.path, expect.stringContaining("no-store")]);
    });
  });
});
