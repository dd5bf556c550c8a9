/** Bindings of the audit worker: every owner by its contract, and the object that reads them. */
import type { BookOwners } from "../../durable-objects/audit-run/env.ts";
import type { AuditRun } from "../../durable-objects/audit-run/index.ts";
import type { AnalyticsApi } from "../../queues/analytics/contract.ts";
import type { NotificationsApi } from "../../queues/notifications/contract.ts";
import type { OrdersApi } from "../orders/contract.ts";
import type { PaymentsApi } from "../payments/contract.ts";

export interface Env extends BookOwners {
  readonly AUDIT_RUN: DurableObjectNamespace<AuditRun>;
  readonly ORDERS: OrdersApi;
  readonly PAYMENTS: PaymentsApi;
  readonly NOTIFICATIONS: NotificationsApi;
  readonly ANALYTICS: AnalyticsApi;
}
