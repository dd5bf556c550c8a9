/** The footer of every page: help, the shop's own pages, and the switch of language and delivery country. Pure. */

import { LOCALE_NAMES, LOCALES } from "../../shared/locales.ts";
import { configuration } from "../configuration.ts";
import { sortedCountries } from "../country-names.ts";
import { SWITCH_COUNTRIES } from "../markets.ts";
import { link, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";

export function SiteFooter({ page }: { readonly page: PageContext }) {
  const texts = shellTexts(page.locale);
  const { currency, taxIncluded } = page.market;
  return (
    <footer class="site-footer">
      <div class="site-footer-row">
        <FooterLinks
          page={page}
          title={texts.footerHelp}
          links={[
            ["/pages/shipping", texts.shipping],
            ["/pages/returns", texts.returns],
            ["/pages/contact", texts.contact],
          ]}
        />
        <FooterLinks
          page={page}
          title={texts.footerAbout}
          links={[
            ["/pages/about", texts.about],
            ["/pages/privacy", texts.privacy],
            ["/pages/terms", texts.terms],
          ]}
        />
        <SettingsForm page={page} />
      </div>
      <div class="site-footer-end">
        <p>
          {configuration.shopName} · {texts.promise}
        </p>
        <p>{taxIncluded ? texts.pricesIncludeTax(currency) : texts.pricesExcludeTax(currency)}</p>
      </div>
    </footer>
  );
}

interface FooterLinksProps {
  readonly page: PageContext;
  readonly title: string;
  readonly links: readonly (readonly [path: string, label: string])[];
}

function FooterLinks({ page, title, links }: FooterLinksProps) {
  return (
    <nav class="footer-links" aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {links.map(([path, label]) => (
          <li>
            <a href={link(page, path)}>{label}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A plain form, so that it works from a cached page and without scripts. */
function SettingsForm({ page }: { readonly page: PageContext }) {
  const texts = shellTexts(page.locale);
  return (
    <form class="settings" action={link(page, "/settings")} method="post" data-island="settings">
      <h2>{texts.settingsTitle}</h2>
      <input type="hidden" name="return_to" value={page.path + page.search} />
      <div class="settings-fields">
        <label class="settings-field">
          <span>{texts.language}</span>
          <select class="input" name="language" autocomplete="off">
            {LOCALES.map((locale) => (
              <option value={locale} selected={locale === page.locale}>
                {LOCALE_NAMES[locale]}
              </option>
            ))}
          </select>
        </label>
        <label class="settings-field">
          <span>{texts.country}</span>
          <select class="input" name="country" autocomplete="off">
            {countryChoices(page).map(({ code, name }) => (
              <option value={code} selected={code === page.market.country}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button class="button button-secondary" type="submit">
          {texts.apply}
        </button>
      </div>
    </form>
  );
}

/** With the shopper's country even when it is not among the usual ones. */
function countryChoices(page: PageContext) {
  return sortedCountries(page, [...new Set([...SWITCH_COUNTRIES, page.market.country])]);
}
