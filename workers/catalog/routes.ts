/** The catalogue's public HTTP resources, at their full paths. */
import { createServiceApp, describeService } from "../shared/http.ts";
import { addAdminCategoryRoutes } from "./admin-category-routes.ts";
import { addAdminProductRoutes } from "./admin-product-routes.ts";
import { addCategoryRoutes } from "./category-routes.ts";
import type { Env } from "./env.ts";
import { addImportRoutes } from "./import-routes.ts";
import { addShopRoutes } from "./shop-routes.ts";

export const app = createServiceApp<Env>("catalog");
addShopRoutes(app);
addCategoryRoutes(app);
addAdminProductRoutes(app);
addAdminCategoryRoutes(app);
addImportRoutes(app);
describeService(app, "catalog", {
  database: (env) => env.DATABASE.prepare("SELECT version FROM catalog_state").first(),
});
