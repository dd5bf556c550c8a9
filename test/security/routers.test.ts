/** The access table names every route that there is: it is held against the routers that answer, not against a list. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Hono } from "hono";
import { describe, expect, inject, it, vi } from "vitest";
import { ROOT, WORKER_CONFIGS } from "../../scripts/workers.ts";
import { ROUTES } from "../../workers/gateway/routing-table.ts";
import { type ApiDocument, operations } from "../system/published-api.ts";
import { API, UNPUBLISHED } from "./access-table.ts";
import { PAGES } from "./page-access.ts";
import { readToml } from "./read-toml.ts";

vi.mock("cloudflare:workers", async () => {
  const { TEST_SECRETS } = await import("../secrets.ts");
  const { readToml } = await import("./read-toml.ts");
  const { WORKER_CONFIGS: configs } = await import("../../scripts/workers.ts");
  const variables = configs.map((config) => readToml(config).vars);
  const nothing = class {};
  return {
    env: Object.assign({}, ...variables, TEST_SECRETS),
    WorkerEntrypoint: nothing,
    DurableObject: nothing,
    RpcTarget: nothing,
    tracing: {},
  };
});
// Neither is asked when routes are listed, and neither runs in Node: the built files, and the compiled hash.
vi.mock("../../workers/storefront/assets.ts", () => ({ BUILD_ID: "", STYLE_SHEET: "", SCRIPT: "", assetAt: () => undefined }));
vi.mock("../../workers/identity/password-hash.ts", () => ({ hashPassword: () => "", newSalt: () => "" }));

type AnyApp = Pick<Hono, "routes">;

/** Routers that are made with their settings, as each service's `index.ts` does. */
const FACTORIES: Readonly<Record<string, (module: Record<string, (given: never) => AnyApp>) => AnyApp | undefined>> = {
  "holdfast-payments": ({ paymentRoutes }) => paymentRoutes?.({} as never),
  "holdfast-payment-sandbox": ({ sandboxRoutes }) => sandboxRoutes?.("sk" as never),
  "holdfast-notifications": ({ notificationRoutes }) => notificationRoutes?.({} as never),
  "holdfast-analytics": ({ reportRoutes }) => reportRoutes?.({} as never),
  "holdfast-dead-letters": ({ deadLetterRoutes }) => deadLetterRoutes?.({} as never),
};

const OWN_TO_EACH_SERVICE = ["GET /openapi.json", "GET /healthz"];

/** Every route that a service's router answers, middleware left out. */
async function routesOf(config: string): Promise<string[]> {
  const folder = join(ROOT, config, "..");
  const { name } = readToml(config);
  const module = (await import(/* @vite-ignore */ join(folder, "routes.ts"))) as Record<string, never>;
  const app = (module["app"] as AnyApp | undefined) ?? FACTORIES[name]?.(module);
  if (app === undefined) throw new Error(`${name} has a router that this test does not know how to make`);
  const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  return [...new Set(routes)].filter((route) => name === "holdfast-storefront" || !OWN_TO_EACH_SERVICE.includes(route));
}

/** `/v1/carts/:id` and `/media/:key{.+}` as the document writes them. */
function published(route: string): string {
  return route.replace(/:([a-z_]+)(?:\{[^}]*\})?/gi, "{$1}");
}

const services = WORKER_CONFIGS.filter((config) => config !== "wrangler.toml");
const storefront = "workers/storefront/wrangler.toml";
const apiEntries = API.flatMap(([, routes]) => routes);
const pageEntries = PAGES.flatMap(([, routes]) => routes);

async function publishedRoutes(): Promise<string[]> {
  const document = (await (await fetch(`${inject("attacked").url}/openapi.json`)).json()) as ApiDocument;
  return operations(document).map(({ method, path }) => `${method} ${path}`);
}

describe("the access table", () => {
  it("has one entry for every operation of the API, and none for what does not exist", async () => {
    expect(apiEntries.toSorted()).toEqual((await publishedRoutes()).toSorted());
  });

  it("has one entry for every page and form of the shop, and none for what does not exist", async () => {
    expect(pageEntries.toSorted()).toEqual((await routesOf(storefront)).toSorted());
  });

  it("knows everything that services answer beside the published API", async () => {
    const known = new Set([...apiEntries, ...UNPUBLISHED]);
    const routes = await Promise.all(services.filter((config) => config !== storefront).map(routesOf));
    const answered = routes.flat();
    expect(answered.filter((route) => !known.has(published(route)) && !known.has(route))).toEqual([]);
    // Routers that were not found would make the line above true for nothing.
    expect(answered.length).toBeGreaterThan(80);
    expect(UNPUBLISHED.filter((route) => !answered.includes(route))).toEqual([]);
  });

  it("covers every path that the gateway hands inward", () => {
    const paths = [...apiEntries, ...UNPUBLISHED].map((route) => route.split(" ")[1] ?? "");
    const leads = (prefix: string) => {
      const pattern = new RegExp(`^${prefix.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}(?:/|$)`);
      return paths.some((path) => pattern.test(path));
    };
    expect(ROUTES.filter(({ path }) => path !== "" && !leads(path)).map(({ path }) => path)).toEqual([]);
  });

  it("is asked of every service that has a router", () => {
    const withRouter = ["workers", "queues"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && readdirSync(join(ROOT, folder, entry.name)).includes("routes.ts"))
        .map((entry) => `${folder}/${entry.name}/wrangler.toml`),
    );
    expect(services.toSorted()).toEqual(withRouter.toSorted());
  });
});
