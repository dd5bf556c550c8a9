/** Mounts the catalogue pages: home, categories, search, products. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { categoryPage } from "./category-page.tsx";
import { homePage } from "./home-page.tsx";
import { productPage } from "./product-page.tsx";
import { searchPage } from "./search-page.tsx";

export function registerCatalogPages(app: Hono<StorefrontHono>): void {
  app.get("/", homePage);
  app.get("/categories/:handle", categoryPage);
  app.get("/search", searchPage);
  app.get("/products/:handle", productPage);
}
