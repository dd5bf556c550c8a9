/** Pages for what went wrong: each says what happened, that the cart is safe, what to do now, and the request's id. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { StorefrontHono } from "./env.ts";
import { SearchForm } from "./layout/site-header.tsx";
import { link } from "./page-context.ts";
import type { PeerProblem } from "./peers/ask.ts";
import { renderPage } from "./render-page.tsx";
import { type ShellTexts, shellTexts } from "./texts/shell.ts";

export interface ErrorHint {
  readonly title?: string;
  readonly lead?: string;
  /** Further ways on, such as the category that a product was in. */
  readonly links?: readonly { readonly path: string; readonly label: string }[];
}

const RETRY_AFTER_SECONDS = "5";

export async function notFoundPage(c: Context<StorefrontHono>, hint: ErrorHint = {}): Promise<Response> {
  const texts = shellTexts(c.var.page.locale);
  return await errorPage(
    c,
    404,
    hint.title ?? texts.notFoundTitle,
    hint.lead ?? texts.notFoundLead,
    <>
      <p>{texts.notFoundTry}</p>
      <SearchForm page={c.var.page} id="search-again" />
      <WaysBack c={c} texts={texts} links={hint.links ?? []} />
    </>,
  );
}

/** A peer is away, or answered what this page did not expect. */
export async function unavailablePage(c: Context<StorefrontHono>, problem: PeerProblem): Promise<Response> {
  const texts = shellTexts(c.var.page.locale);
  const status = problem.status >= 500 ? 503 : 500;
  const title = status === 503 ? texts.unavailableTitle : texts.errorTitle;
  c.header("retry-after", RETRY_AFTER_SECONDS);
  return await errorPage(
    c,
    status,
    title,
    status === 503 ? texts.unavailableLead : texts.errorLead,
    <Retry c={c} texts={texts} />,
  );
}

export async function brokenPage(c: Context<StorefrontHono>): Promise<Response> {
  const texts = shellTexts(c.var.page.locale);
  return await errorPage(c, 500, texts.errorTitle, texts.errorLead, <Retry c={c} texts={texts} />);
}

/** A form from another site, or without its token. */
export async function forbiddenPage(c: Context<StorefrontHono>): Promise<Response> {
  const texts = shellTexts(c.var.page.locale);
  return await errorPage(c, 403, texts.forbiddenTitle, texts.forbiddenLead, <WaysBack c={c} texts={texts} links={[]} />);
}

interface Ways {
  readonly c: Context<StorefrontHono>;
  readonly texts: ShellTexts;
}

function Retry({ c, texts }: Ways) {
  const { page } = c.var;
  const again = c.req.method === "GET" ? page.path + page.search : page.path;
  return (
    <p class="error-ways">
      <a class="button button-primary" href={link(page, again)}>
        {texts.tryAgain}
      </a>
      <a class="button button-secondary" href={link(page, "/")}>
        {texts.backHome}
      </a>
    </p>
  );
}

function WaysBack({ c, texts, links }: Ways & { readonly links: NonNullable<ErrorHint["links"]> }) {
  return (
    <p class="error-ways">
      {links.map(({ path, label }) => (
        <a class="button button-secondary" href={link(c.var.page, path)}>
          {label}
        </a>
      ))}
      <a class="button button-primary" href={link(c.var.page, "/")}>
        {texts.backHome}
      </a>
    </p>
  );
}

async function errorPage(
  c: Context<StorefrontHono>,
  status: number,
  title: string,
  lead: string,
  ways: Child,
): Promise<Response> {
  const { page } = c.var;
  const texts = shellTexts(page.locale);
  return await renderPage(
    c,
    { title, status, noindex: true, bodyClass: "page-error" },
    <section class="error">
      <p class="error-code" aria-hidden="true">
        {status}
      </p>
      <h1>{title}</h1>
      <p class="error-lead">{lead}</p>
      {ways}
      <p class="error-reference">
        {texts.requestId} <code>{page.call.requestId}</code>
      </p>
    </section>,
  );
}
