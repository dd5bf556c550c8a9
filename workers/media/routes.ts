/** The media worker's HTTP resources, at their full paths. */
import { createServiceApp, describeService } from "../shared/http.ts";
import { addAdminRoutes } from "./admin-routes.ts";
import type { Env } from "./env.ts";
import { addPublicRoutes } from "./public-routes.ts";

export const app = createServiceApp<Env>("media");
addPublicRoutes(app);
addAdminRoutes(app);
describeService(app, "media", {
  originals: (env) => env.ORIGINALS.list({ limit: 1 }),
});
