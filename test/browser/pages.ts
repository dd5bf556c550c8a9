/** Every page of the shop, with who sees it and how it comes about: for the tools that judge pages and for screenshots. */
import type { Page } from "playwright-core";
import type { Cast, Role } from "./cast.ts";
import {
  allowApp,
  chooseCard,
  fillDelivery,
  freshEmail,
  openConsent,
  payButton,
  register,
  setUpApp,
  signIn,
  signOut,
} from "./steps.ts";

export interface ShopPage {
  readonly name: string;
  readonly role: Role;
  /** Leaves the page standing as it is to be judged. */
  readonly open: (page: Page, cast: Cast) => Promise<unknown>;
}

function at(name: string, path: string, role: Role = "anyone"): ShopPage {
  return { name, role, open: (page) => page.goto(path) };
}

function acted(name: string, role: Role, open: ShopPage["open"]): ShopPage {
  return { name, role, open };
}

const CATALOG: readonly ShopPage[] = [
  at("home", "/"),
  at("home-de", "/de"),
  at("home-ja", "/ja"),
  at("category", "/categories/outerwear"),
  at("category-de", "/de/categories/knitwear"),
  at("category-filtered", "/categories/outerwear?max=150&stock=in&sort=price_asc"),
  at("category-nothing-fits", "/categories/outerwear?min=9000"),
  at("search", "/search?q=wool"),
  at("all-products", "/search?sort=title"),
  at("search-corrected", "/search?q=lantren"),
  at("search-nothing", "/search?q=zzqqxx"),
  at("search-ja", "/ja/search?q=wool"),
  at("product", "/products/skerry-rain-jacket"),
  at("product-de", "/de/products/skerry-rain-jacket"),
  at("product-ja", "/ja/products/skerry-rain-jacket"),
  at("product-sold-out", "/products/drift-windshirt"),
  at("product-variant-sold-out", "/products/skerry-rain-jacket?variant=HF-10001-NAVY-XL"),
  at("product-last-three", "/products/oiled-wool-rollneck"),
  at("product-backorder", "/products/throw-line-20-m"),
  at("product-on-sale", "/products/lambswool-blanket"),
];

const BUYING: readonly ShopPage[] = [
  at("cart-empty", "/cart"),
  at("cart", "/cart", "shopper"),
  acted("cart-drawer", "shopper", async (page) => {
    await page.goto("/products/enamel-mug");
    await page.locator("header a[data-island=cart-link]").click();
    await page.locator("dialog.cart-drawer .drawer-line").first().waitFor();
  }),
  at("checkout", "/checkout", "shopper"),
  acted("checkout-errors", "shopper", async (page) => {
    await page.goto("/checkout");
    await page.getByLabel("E-mail").fill("ada@");
    await payButton(page).click();
    await page.getByText("Please check these fields").waitFor();
  }),
  acted("checkout-declined", "shopper", async (page) => {
    await page.goto("/checkout");
    await fillDelivery(page);
    await chooseCard(page, "declined");
    await payButton(page).click();
    await page.getByText("The payment did not go through").waitFor();
  }),
  at("cart-short", "/cart", "unlucky"),
  at("checkout-short", "/checkout", "unlucky"),
  at("cart-ja", "/ja/cart", "japanese"),
  at("checkout-ja", "/ja/checkout", "japanese"),
  at("cart-de", "/de/cart", "german"),
  at("checkout-de", "/de/checkout", "german"),
  acted("order-awaiting-payment", "payer", (page, cast) => page.goto(cast.payer.orderPath)),
  acted("bank", "payer", (page, cast) => page.goto(`${cast.payer.orderPath}/payment`)),
  acted("order", "customer", (page, cast) => page.goto(cast.customer.orderPath)),
  acted("order-de", "customer", (page, cast) => page.goto(`/de${cast.customer.orderPath}`)),
  acted("order-ja", "customer", (page, cast) => page.goto(`/ja${cast.customer.orderPath}`)),
];

const ACCOUNT: readonly ShopPage[] = [
  at("sign-in", "/account/sign-in"),
  acted("sign-in-refused", "anyone", async (page) => {
    await page.goto("/account/sign-in");
    await page.getByLabel("E-mail address").fill("nobody@example.com");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("do not belong together").waitFor();
  }),
  at("register", "/account/register"),
  at("register-de", "/de/account/register"),
  acted("register-refused", "anyone", async (page) => {
    await page.goto("/account/register");
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password").fill("password1234");
    await page.getByRole("button", { name: "Open the account" }).click();
    await page.getByText("too easy to guess").waitFor();
  }),
  at("account", "/account", "customer"),
  at("account-de", "/de/account", "customer"),
  at("account-ja", "/ja/account", "customer"),
  at("account-orders", "/account/orders", "customer"),
  at("account-addresses", "/account/addresses", "customer"),
  at("account-address-new", "/account/addresses/new", "customer"),
  at("account-profile", "/account/profile", "customer"),
  at("account-security", "/account/security", "customer"),
  at("account-security-de", "/de/account/security", "customer"),
  at("account-security-ja", "/ja/account/security", "customer"),
  at("account-data", "/account/data", "customer"),
  at("forgot-password", "/account/forgot-password"),
  at("reset-password", "/account/reset-password?token=x"),
  at("accept-invitation", "/account/accept-invitation?token=x"),
  at("privacy-request", "/privacy/request"),
  acted("consent", "customer", (page) => openConsent(page)),
  acted("account-apps", "customer", async (page) => {
    await allowApp(page);
    await page.goto("/account/apps");
  }),
];

/** Of more languages, or judged on their way through: for screenshots alone. */
export const PICTURED: readonly ShopPage[] = [
  ...["/account/data", "/account/apps", "/account/profile", "/account/orders", "/account/addresses"].map((path) =>
    at(`${path.slice(1).replace("/", "-")}-de`, `/de${path}`, "customer"),
  ),
  at("account-data-ja", "/ja/account/data", "customer"),
  at("sign-in-de", "/de/account/sign-in"),
  at("forgot-password-de", "/de/account/forgot-password"),
  at("reset-password-de", "/de/account/reset-password?token=x"),
  at("accept-invitation-de", "/de/account/accept-invitation?token=x"),
  at("privacy-request-de", "/de/privacy/request"),
  at("privacy-erasure", "/privacy/erasure?token=x"),
  at("privacy-export-de", "/de/privacy/export?token=x"),
  at("privacy-erasure-de", "/de/privacy/erasure?token=x"),
  at("consent-broken", "/oauth/authorize?client_id=nobody"),
  at("consent-broken-de", "/de/oauth/authorize?client_id=nobody"),
  acted("consent-de", "customer", (page) => openConsent(page, "/de")),
  acted("set-up-app", "customer", (page) => setUpApp(page)),
  acted("second-step", "anyone", async (page) => {
    const email = freshEmail();
    await register(page, "Ada", email);
    const app = await setUpApp(page);
    await page.getByLabel("First code").fill(app.generate());
    await page.getByRole("button", { name: "Switch it on" }).click();
    await page.getByRole("link", { name: "I have kept them" }).click();
    await signOut(page);
    await signIn(page, email);
    await page.getByRole("heading", { name: "One more step" }).waitFor();
  }),
];

const OTHERS: readonly ShopPage[] = [
  ...["shipping", "returns", "contact", "privacy", "terms", "about"].map((handle) => at(`page-${handle}`, `/pages/${handle}`)),
  at("page-shipping-de", "/de/pages/shipping"),
  at("page-about-ja", "/ja/pages/about"),
  at("not-found", "/nowhere"),
  at("not-found-ja", "/ja/nowhere"),
  at("product-not-found", "/products/no-such-thing"),
  at("category-not-found", "/categories/no-such-thing"),
  at("order-not-found", "/orders/ord_01jvs0000000000000000000zz"),
  acted("form-refused", "anyone", async (page) => {
    await page.goto("/account/sign-in");
    await page.context().clearCookies();
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password").fill("whatever it is");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("came from somewhere else").waitFor();
  }),
];

export const PAGES: readonly ShopPage[] = [...CATALOG, ...BUYING, ...ACCOUNT, ...OTHERS];
