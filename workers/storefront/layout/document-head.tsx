/** The `<head>` of every page: what search engines, social cards and browsers read. Pure. */
import { raw } from "hono/html";
import { LOCALES, localePath } from "../../shared/locales.ts";
import { SCRIPT, STYLE_SHEET } from "../assets.ts";
import { configuration } from "../configuration.ts";
import type { PageContext } from "../page-context.ts";
import type { PageOptions } from "../page-options.ts";
import { shellTexts } from "../texts/shell.ts";

const OG_LOCALES = { en: "en_GB", de: "de_DE", ja: "ja_JP" } as const;

interface HeadProps {
  readonly page: PageContext;
  readonly options: PageOptions;
}

export function DocumentHead({ page, options }: HeadProps) {
  const title =
    page.path === "/" ? `${configuration.shopName} · ${options.title}` : `${options.title} · ${configuration.shopName}`;
  const description = options.description ?? shellTexts(page.locale).description;
  const path = options.canonical ?? page.path;
  const canonical = page.origin + localePath(page.locale, path);
  const image = absolute(page.origin, options.image ?? "/icon-512.png");
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <meta name="description" content={description} />
      {options.noindex === true ? <meta name="robots" content="noindex" /> : <SearchLinks page={page} path={path} />}
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#10191c" />
      <link rel="stylesheet" href={STYLE_SHEET} />
      <link rel="icon" href="/favicon.ico" sizes="32x32" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="apple-touch-icon" href="/icon-192.png" />
      <link rel="manifest" href="/manifest.webmanifest" />
      <meta property="og:site_name" content={configuration.shopName} />
      <meta property="og:type" content={path.startsWith("/products/") ? "product" : "website"} />
      <meta property="og:title" content={options.title} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={canonical} />
      <meta property="og:image" content={image} />
      <meta property="og:locale" content={OG_LOCALES[page.locale]} />
      <meta name="twitter:card" content={options.image === undefined ? "summary" : "summary_large_image"} />
      <script type="module" src={SCRIPT} nonce={page.nonce}></script>
      {(options.jsonLd ?? []).map((thing) => (
        <script type="application/ld+json">{raw(jsonForScript(thing))}</script>
      ))}
    </head>
  );
}

function SearchLinks({ page, path }: { readonly page: PageContext; readonly path: string }) {
  return (
    <>
      <link rel="canonical" href={page.origin + localePath(page.locale, path)} />
      {LOCALES.map((locale) => (
        <link rel="alternate" hreflang={locale} href={page.origin + localePath(locale, path)} />
      ))}
      <link rel="alternate" hreflang="x-default" href={page.origin + path} />
    </>
  );
}

function absolute(origin: string, address: string): string {
  return address.startsWith("/") ? origin + address : address;
}

/** No text can end the script element or open a comment in it: `<` never stands in the output. */
export function jsonForScript(thing: object): string {
  return JSON.stringify(thing).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
