/** Everything that privacy serves over HTTP. */
import { createServiceApp, describeService } from "../shared/http.ts";
import type { Env } from "./env.ts";
import { mountAdminRoutes } from "./routes/admin.ts";
import { mountLinkRoutes } from "./routes/links.ts";
import { mountMyRoutes } from "./routes/me.ts";
import { mountOrderRoutes } from "./routes/orders.ts";

export const app = createServiceApp<Env>("privacy");

mountMyRoutes(app);
mountOrderRoutes(app);
mountLinkRoutes(app);
mountAdminRoutes(app);

describeService(app, "privacy", { database: (env) => env.DATABASE.prepare("SELECT 1").first() });
