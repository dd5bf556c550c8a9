/**
 * Anonymous pages of the catalogue: rendered once for everybody into a skeleton, shown to each shopper with the gaps
 * filled. Nothing personal can get into a skeleton: what builds it is given a page without a shopper, and is asked for
 * nothing else. A catalogue change is a new version, under which no kept page is shown any more.
 */
import type { Context } from "hono";
import { systemClock } from "../shared/clock.ts";
import { GUEST } from "../shared/principal.ts";
import { logger } from "../shared/telemetry.ts";
import { knownCatalog } from "./catalog-version.ts";
import { hasShopCookie } from "./cookies.ts";
import type { StorefrontHono } from "./env.ts";
import { type KeptPage, type KnownCatalog, keepPage, pageAge, pageAtEdge, pageInMemory } from "./kept-pages.ts";
import { knownCategories } from "./known-categories.ts";
import { cleanSearch, pageAddress } from "./page-address.ts";
import type { PageContext } from "./page-context.ts";
import type { BuiltPage } from "./page-options.ts";
import { personalOf } from "./render-page.tsx";
import { cutSkeleton, fillSkeleton, freshKeys, hasSlot, type Marks, marksOf, type Skeleton } from "./skeleton.ts";
import { flashHtml, personalHtml, renderSkeletonHtml } from "./skeleton-page.tsx";

/** Must use nothing but the page that it is given. A Response (such as a 404 page) is passed on and not kept. */
export type PageBuilder = (page: PageContext) => Promise<BuiltPage | Response>;

/**
 * What must be true at this moment, as HTML by the keys of the page's `freshMark`s. Asked once for each time the page is
 * shown, with the shopper's own page. Must not throw; a key without an answer shows nothing.
 */
export type FreshPieces = (page: PageContext, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;

type Outcome = "hit" | "stale" | "miss";

const TOKEN_BYTES = 16;
const FRESH_SECONDS = 60;
const STALE_SECONDS = 600;
/** What a shared cache between the shopper and us may do with a page that nobody's cookie went into. */
const SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=600";
/** The same for a page that tells stock: it is asked for each time. */
const SHARED_ASKING = "public, max-age=0, must-revalidate";

interface Rendering {
  readonly c: Context<StorefrontHono>;
  readonly build: PageBuilder;
  readonly fresh: FreshPieces | undefined;
  /** Undefined when the page is not worth keeping. */
  readonly address: string | undefined;
  readonly catalog: KnownCatalog;
}

interface Rendered {
  readonly skeleton: Skeleton;
  readonly options: BuiltPage["options"];
}

export async function cachedPage(c: Context<StorefrontHono>, build: PageBuilder, fresh?: FreshPieces): Promise<Response> {
  const { page } = c.var;
  const catalog = await knownCatalog(page.env, (work) => c.executionCtx.waitUntil(work));
  const rendering: Rendering = { c, build, fresh, address: pageAddress(page), catalog };
  const kept = await findPage(rendering);
  const age = kept === undefined ? "gone" : pageAge(kept, catalog, systemClock.now());
  if (kept !== undefined && age === "fresh") return await answer(rendering, kept.skeleton, "hit");
  if (kept !== undefined && age === "stale") {
    c.executionCtx.waitUntil(renderAgain(rendering));
    return await answer(rendering, kept.skeleton, "stale");
  }
  return await renderNow(rendering, age === "outdated" ? kept : undefined);
}

async function findPage({ address, catalog }: Rendering): Promise<KeptPage | undefined> {
  if (address === undefined) return undefined;
  const kept = pageInMemory(address);
  if (catalog.version === undefined || kept?.version === catalog.version) return kept;
  return (await pageAtEdge(address, catalog.version)) ?? kept;
}

/** @param standIn a page of before, for when this one cannot be rendered */
async function renderNow(rendering: Rendering, standIn: KeptPage | undefined): Promise<Response> {
  const { c } = rendering;
  try {
    const rendered = await renderSkeleton(rendering);
    if (!(rendered instanceof Response)) return await answer(rendering, rendered.skeleton, "miss", rendered.options);
    if (standIn === undefined || rendered.status < 500) return rendered;
  } catch (error) {
    if (standIn === undefined) throw error;
    logger("storefront", c.var.page.call).error("page_failed_stale_shown", error, { path: c.req.path });
  }
  c.header("retry-after", undefined);
  return await answer(rendering, standIn.skeleton, "stale");
}

async function renderAgain(rendering: Rendering): Promise<void> {
  try {
    await renderSkeleton(rendering);
  } catch (error) {
    const { c } = rendering;
    logger("storefront", c.var.page.call).error("page_refresh_failed", error, { path: c.req.path });
  }
}

/** Renders for nobody, and keeps what is a whole page. */
async function renderSkeleton({ c, build, address, catalog }: Rendering): Promise<Response | Rendered> {
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toHex();
  const page = nobodysPage(c.var.page, marksOf(token));
  const renderedAtMs = systemClock.now();
  const [built, categories] = await Promise.all([build(page), knownCategories(c)]);
  if (built instanceof Response) return built;
  const html = await renderSkeletonHtml(page, built, categories, token);
  const skeleton = cutSkeleton(html, token);
  const { options, freshSeconds = FRESH_SECONDS, staleSeconds = STALE_SECONDS } = built;
  if (address !== undefined && catalog.version !== undefined && (options.status ?? 200) === 200) {
    const ages = { freshMs: 1_000 * freshSeconds, staleMs: 1_000 * staleSeconds };
    const kept = { skeleton, version: catalog.version, renderedAtMs, ...ages };
    c.executionCtx.waitUntil(keepPage(address, kept, html, token));
  }
  return { skeleton, options };
}

/** Written out: nothing of the request may slip in that is not named here. */
function nobodysPage(page: PageContext, marks: Marks): PageContext {
  return {
    locale: page.locale,
    market: page.market,
    origin: page.origin,
    path: page.path,
    search: cleanSearch(page.search),
    nonce: marks.nonce,
    csrfToken: marks.formToken,
    personal: "deferred",
    principal: GUEST,
    call: page.call,
    env: page.env,
  };
}

async function answer(
  { c, fresh }: Rendering,
  skeleton: Skeleton,
  outcome: Outcome,
  options: Rendered["options"] | undefined = undefined,
): Promise<Response> {
  const { page } = c.var;
  const keys = freshKeys(skeleton);
  const [personal, pieces] = await Promise.all([
    personalOf(c),
    fresh === undefined || keys.length === 0 ? new Map<string, string>() : fresh(page, keys),
  ]);
  const values = {
    nonce: page.nonce,
    formToken: hasSlot(skeleton, "formToken") ? page.csrfToken : "",
    personal: personalHtml(page, personal),
    flash: flashHtml(c),
    fresh: pieces,
  };
  const status = options?.status ?? 200;
  const shared = status === 200 && isAnonymous(c) && values.formToken === "";
  c.header("cache-control", shared ? (keys.length > 0 ? SHARED_ASKING : SHARED) : "private, no-store");
  c.header("vary", page.path === "/" ? "cookie, accept-language" : "cookie");
  c.header("x-cache", outcome);
  return c.html(fillSkeleton(skeleton, values), status as 200);
}

/** Nobody's cookie and nobody's credential came with the request. */
function isAnonymous(c: Context<StorefrontHono>): boolean {
  const { principal } = c.var.page;
  return !hasShopCookie(c) && principal.kind === "guest" && principal.capabilities.length === 0;
}
