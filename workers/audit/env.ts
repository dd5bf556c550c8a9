/** Bindings of the audit worker: every owner by its contract. It has no storage of its own. */
import type { AnalyticsApi } from "../../queues/analytics/contract.ts";
import type { NotificationsApi } from "../../queues/notifications/contract.ts";
import type { IdentityApi } from "../identity/contract.ts";
import type { InventoryApi } from "../inventory/contract.ts";
import type { OrdersApi } from "../orders/contract.ts";
import type { PaymentsApi } from "../payments/contract.ts";

export interface Env {
  readonly ORDERS: OrdersApi;
  readonly INVENTORY: InventoryApi;
  readonly PAYMENTS: PaymentsApi;
  readonly NOTIFICATIONS: NotificationsApi;
  readonly ANALYTICS: AnalyticsApi;
  readonly IDENTITY: Pick<IdentityApi, "checkRevocations">;
}
