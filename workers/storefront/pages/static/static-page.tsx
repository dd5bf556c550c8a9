/** `/pages/{handle}`: what the shop says about itself. Anonymous and cached. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { cachedPage } from "../../cached-page.ts";
import { Breadcrumbs } from "../../components/breadcrumbs.tsx";
import { Notice } from "../../components/notice.tsx";
import type { StorefrontHono } from "../../env.ts";
import { link, type PageContext } from "../../page-context.ts";
import type { BuiltPage } from "../../page-options.ts";
import { STATIC_HANDLES, type StaticHandle, type StaticSection, staticTexts } from "../../texts/static.ts";
import { CookieTable } from "./cookie-table.tsx";
import { readRates, ShippingRates } from "./shipping-rates.tsx";

export async function showStaticPage(c: Context<StorefrontHono>, handle: StaticHandle): Promise<Response> {
  return await cachedPage(c, (page) => buildStaticPage(page, handle));
}

/** A page without some of its facts is shown only as long as it takes to find them. */
const INCOMPLETE_SECONDS = 5;

async function buildStaticPage(page: PageContext, handle: StaticHandle): Promise<BuiltPage> {
  const text = staticTexts(page.locale).pages[handle];
  const { facts, complete } = await factsOf(page, handle);
  return {
    options: { title: text.title, description: text.description, canonical: `/pages/${handle}` },
    body: <StaticPage page={page} handle={handle} facts={facts} />,
    ...(complete ? {} : { freshSeconds: INCOMPLETE_SECONDS, staleSeconds: INCOMPLETE_SECONDS }),
  };
}

interface Facts {
  readonly facts: Child;
  readonly complete: boolean;
}

/** What a page shows besides its text. */
async function factsOf(page: PageContext, handle: StaticHandle): Promise<Facts> {
  switch (handle) {
    case "shipping": {
      const { rows, complete } = await readRates(page);
      const facts = (
        <section aria-labelledby="rates">
          <h2 id="rates">{staticTexts(page.locale).rates.heading}</h2>
          <ShippingRates page={page} rates={rows} />
        </section>
      );
      return { facts, complete };
    }
    case "privacy":
      return { facts: <CookieTable page={page} />, complete: true };
    case "returns":
    case "contact":
    case "terms":
    case "about":
      return { facts: null, complete: true };
  }
}

interface StaticPageProps {
  readonly page: PageContext;
  readonly handle: StaticHandle;
  readonly facts: Child;
}

function StaticPage({ page, handle, facts }: StaticPageProps) {
  const texts = staticTexts(page.locale);
  const text = texts.pages[handle];
  return (
    <>
      <Breadcrumbs page={page} crumbs={[{ label: text.title }]} />
      <div class="paper">
        <article class="prose">
          <header>
            <h1>{text.title}</h1>
            <p class="prose-lead">{text.lead}</p>
          </header>
          {handle === "shipping" ? facts : null}
          {text.sections.map((section) => (
            <Section page={page} section={section} />
          ))}
          {handle === "shipping" ? null : facts}
          <Notice tone="info">{texts.demo}</Notice>
        </article>
        <OtherPages page={page} handle={handle} />
      </div>
    </>
  );
}

function Section({ page, section }: { readonly page: PageContext; readonly section: StaticSection }) {
  return (
    <section>
      <h2>{section.heading}</h2>
      {section.paragraphs.map((paragraph) => (
        <p>{paragraph}</p>
      ))}
      {section.points === undefined ? null : (
        <ul>
          {section.points.map((point) => (
            <li>{point}</li>
          ))}
        </ul>
      )}
      {section.links?.map(({ path, label }) => (
        <p>
          <a href={link(page, path)}>{label}</a>
        </p>
      ))}
    </section>
  );
}

function OtherPages({ page, handle }: { readonly page: PageContext; readonly handle: StaticHandle }) {
  const { pages } = staticTexts(page.locale);
  return (
    <nav class="paper-nav" aria-label={pages[handle].title}>
      <ul>
        {STATIC_HANDLES.map((other) => (
          <li>
            <a href={link(page, `/pages/${other}`)} aria-current={other === handle ? "page" : undefined}>
              {pages[other].title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
