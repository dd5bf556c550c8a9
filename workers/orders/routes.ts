/** Everything that orders serves over HTTP. */
import { createServiceApp, describeService } from "../shared/http.ts";
import type { Env } from "./env.ts";
import { registerAbandonPaymentRoutes } from "./routes/abandon-payment.ts";
import { registerAdminOrderActionRoutes } from "./routes/admin-order-actions.ts";
import { registerAdminOrderRoutes } from "./routes/admin-orders.ts";
import { registerAdminPolicyRoutes } from "./routes/admin-policy.ts";
import { registerAdminRecoveryRoutes } from "./routes/admin-recovery.ts";
import { registerCartRoutes } from "./routes/carts.ts";
import { registerCheckoutRoutes } from "./routes/checkout.ts";
import { registerOrderRoutes } from "./routes/orders.ts";
import { registerPaymentReturnRoutes } from "./routes/payment-return.ts";
import { registerShippingOptionRoutes } from "./routes/shipping-options.ts";

export const app = createServiceApp<Env>("orders");

registerCartRoutes(app);
registerShippingOptionRoutes(app);
registerCheckoutRoutes(app);
registerOrderRoutes(app);
registerPaymentReturnRoutes(app);
registerAbandonPaymentRoutes(app);
registerAdminOrderRoutes(app);
registerAdminOrderActionRoutes(app);
registerAdminPolicyRoutes(app);
registerAdminRecoveryRoutes(app);
describeService(app, "orders", { database: (env) => env.DATABASE.prepare("SELECT 1").first() });
