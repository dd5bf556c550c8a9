/** `/`: what the shop is, its categories, and the products it puts forward. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { cachedPage } from "../../cached-page.ts";
import { Picture } from "../../components/picture.tsx";
import { configuration } from "../../configuration.ts";
import type { StorefrontHono } from "../../env.ts";
import { unavailablePage } from "../../error-pages.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { BuiltPage } from "../../page-options.ts";
import { type Category, type ListItem, readProducts, readTopCategories } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { CategoryTiles } from "./category-tiles.tsx";
import { SALE_TAG } from "./filters.tsx";
import { ProductGrid } from "./product-grid.tsx";
import { categoryPath, webSiteData } from "./structured-data.ts";

const FEATURED_COUNT = 8;
const OFFERS_COUNT = 4;
/** Operators change the picture by putting another one at this key of the media service. */
const HERO = "/media/home/hero.webp";
const HERO_WIDTH = 1_280;
const HERO_HEIGHT = 960;
const HERO_SIZES = "(min-width: 60rem) 46rem, 100vw";

export async function homePage(c: Context<StorefrontHono>): Promise<Response> {
  return await cachedPage(c, (page) => buildHomePage(c, page));
}

async function buildHomePage(c: Context<StorefrontHono>, page: PageContext): Promise<BuiltPage | Response> {
  const { currency } = page.market;
  const inStock = "in_stock" as const;
  const [categories, featured, offers] = await Promise.all([
    readTopCategories(page, currency),
    readProducts(page, currency, { sort: "featured", availability: inStock, limit: FEATURED_COUNT }),
    readProducts(page, currency, { tag: SALE_TAG, availability: inStock, limit: OFFERS_COUNT }),
  ]);
  if (!categories.ok) return unavailablePage(c, categories.error);
  const view = {
    page,
    categories: categories.value,
    featured: featured.ok ? featured.value.items : [],
    offers: offers.ok ? offers.value.items : [],
  };
  const texts = catalogTexts(page.locale).home;
  const options = {
    title: texts.title,
    description: texts.description,
    canonical: "/",
    image: HERO,
    bodyClass: "page-home",
    jsonLd: [webSiteData(page, configuration.shopName)],
  };
  return { options, body: <HomeView {...view} /> };
}

interface HomeViewProps {
  readonly page: PageContext;
  readonly categories: readonly Category[];
  readonly featured: readonly ListItem[];
  readonly offers: readonly ListItem[];
}

function HomeView({ page, categories, featured, offers }: HomeViewProps) {
  const texts = catalogTexts(page.locale).home;
  return (
    <>
      <Hero page={page} category={categories[0]} hasOffers={offers.length > 0} />
      {categories.length === 0 ? null : (
        <Section id="categories" heading={texts.categories}>
          <CategoryTiles page={page} categories={categories} />
        </Section>
      )}
      {featured.length === 0 ? null : (
        <Section id="featured" heading={texts.featured}>
          <ProductGrid page={page} items={featured} />
        </Section>
      )}
      {offers.length === 0 ? null : (
        <Section id="offers" heading={texts.offers} more={{ href: link(page, "/search?sale=1"), label: texts.allOffers }}>
          <ProductGrid page={page} items={offers} />
        </Section>
      )}
      <Promises page={page} />
    </>
  );
}

interface HeroProps {
  readonly page: PageContext;
  readonly category: Category | undefined;
  readonly hasOffers: boolean;
}

function Hero({ page, category, hasOffers }: HeroProps) {
  const texts = catalogTexts(page.locale).home;
  return (
    <section class="hero" aria-labelledby="hero-heading">
      <div class="hero-text">
        <h1 id="hero-heading">{texts.heading}</h1>
        <p class="hero-lead">{texts.lead}</p>
        <p class="hero-actions">
          {category === undefined ? null : (
            <a class="button button-primary" href={link(page, categoryPath(category.handle))}>
              {texts.browse(category.title)}
            </a>
          )}
          {hasOffers ? (
            <a class="button button-secondary" href={link(page, "/search?sale=1")}>
              {texts.seeOffers}
            </a>
          ) : null}
        </p>
      </div>
      <div class="hero-picture">
        <Picture src={HERO} alt="" width={HERO_WIDTH} height={HERO_HEIGHT} sizes={HERO_SIZES} eager />
      </div>
    </section>
  );
}

interface SectionProps {
  readonly id: string;
  readonly heading: string;
  readonly more?: { readonly href: string; readonly label: string };
  readonly children?: Child;
}

function Section({ id, heading, more, children }: SectionProps) {
  return (
    <section class="home-section" aria-labelledby={`${id}-heading`}>
      <div class="home-section-head">
        <h2 id={`${id}-heading`}>{heading}</h2>
        {more === undefined ? null : <a href={more.href}>{more.label}</a>}
      </div>
      {children}
    </section>
  );
}

function Promises({ page }: { readonly page: PageContext }) {
  const texts = catalogTexts(page.locale).home;
  const promises = [
    [texts.stockPromise, texts.stockPromiseText],
    [texts.shippingPromise, texts.shippingPromiseText],
    [texts.returnsPromise, texts.returnsPromiseText],
  ];
  return (
    <section class="promises" aria-labelledby="promises-heading">
      <h2 class="visually-hidden" id="promises-heading">
        {texts.promises}
      </h2>
      <ul>
        {promises.map(([title, text]) => (
          <li>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
