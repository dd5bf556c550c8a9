/** The header's personal piece: cart with its count, account. Rendered for each request, also on cached pages. Pure. */
import { link, type PageContext, type Personal } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";
import { AccountIcon, CartIcon } from "./icons.tsx";

interface PersonalLinksProps {
  readonly page: Pick<PageContext, "locale">;
  readonly personal: Personal;
}

export function PersonalLinks({ page, personal }: PersonalLinksProps) {
  const texts = shellTexts(page.locale);
  const { cartCount, customerId } = personal;
  return (
    <>
      <a class="tool" href={link(page, customerId === null ? "/account/sign-in" : "/account")}>
        <AccountIcon />
        <span class="tool-label">{customerId === null ? texts.signIn : texts.account}</span>
      </a>
      <a class="tool" href={link(page, "/cart")} data-island="cart-link" data-count={cartCount}>
        <span class="tool-count-anchor">
          <CartIcon />
          {cartCount === 0 ? null : (
            <span class="tool-count" aria-hidden="true">
              {cartCount > 99 ? "99+" : cartCount}
            </span>
          )}
        </span>
        <span class="tool-label" aria-hidden={cartCount === 0 ? undefined : "true"}>
          {texts.cart}
        </span>
        {cartCount === 0 ? null : <span class="visually-hidden">{texts.cartWith(cartCount)}</span>}
      </a>
    </>
  );
}
