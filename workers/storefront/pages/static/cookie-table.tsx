/** The cookies of the shop on the privacy page, by the names that the code sets. Pure. */
import {
  CART_COOKIE,
  COOKIE_AGE_MAX_SECONDS,
  type CookieName,
  DEVICE_COOKIE,
  FLASH_COOKIE,
  FORM_COOKIE,
  LANGUAGE_COOKIE,
  MARKET_COOKIE,
  ORDER_COOKIE,
  SESSION_COOKIE,
} from "../../cookies.ts";
import type { PageContext } from "../../page-context.ts";
import { type CookiesText, staticTexts } from "../../texts/static.ts";

const DAY_SECONDS = 86_400;
const LONGEST_DAYS = COOKIE_AGE_MAX_SECONDS / DAY_SECONDS;
const SESSION_DAYS = 30;
const CART_DAYS = 90;

function rowsOf(texts: CookiesText): readonly (readonly [name: CookieName, purpose: string, kept: string])[] {
  const { purposes } = texts;
  return [
    [CART_COOKIE, purposes.cart, texts.days(CART_DAYS)],
    [ORDER_COOKIE, purposes.order, texts.days(LONGEST_DAYS)],
    [SESSION_COOKIE, purposes.session, texts.days(SESSION_DAYS)],
    [DEVICE_COOKIE, purposes.device, texts.days(LONGEST_DAYS)],
    [MARKET_COOKIE, purposes.market, texts.days(LONGEST_DAYS)],
    [LANGUAGE_COOKIE, purposes.language, texts.days(LONGEST_DAYS)],
    [FORM_COOKIE, purposes.form, texts.session],
    [FLASH_COOKIE, purposes.flash, texts.minute],
  ];
}

export function CookieTable({ page }: { readonly page: PageContext }) {
  const { cookies: texts } = staticTexts(page.locale);
  return (
    <section aria-labelledby="cookies">
      <h2 id="cookies">{texts.heading}</h2>
      <p>{texts.lead}</p>
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.purpose}</th>
            <th scope="col">{texts.kept}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(texts).map(([name, purpose, kept]) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{purpose}</td>
              <td>{kept}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
