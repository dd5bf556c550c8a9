/** Every owner of a book, by its contract. */
import type { AnalyticsApi } from "../../queues/analytics/contract.ts";
import type { NotificationsApi } from "../../queues/notifications/contract.ts";
import type { IdentityApi } from "../../workers/identity/contract.ts";
import type { InventoryApi } from "../../workers/inventory/contract.ts";
import type { OrdersApi } from "../../workers/orders/contract.ts";
import type { PaymentsApi } from "../../workers/payments/contract.ts";

export interface BookOwners {
  readonly ORDERS: Pick<
    OrdersApi,
    "rememberSources" | "listCursors" | "readPartitionBooks" | "readOrderAccounts" | "compareWithLog" | "listProjectedOrders"
  >;
  readonly INVENTORY: Pick<InventoryApi, "listTouchedSkus" | "rememberTouched" | "readAccounts">;
  readonly PAYMENTS: Pick<
    PaymentsApi,
    "listCursors" | "listBooks" | "readBooksOf" | "compareWithLog" | "listLedgerOrders" | "ledgerBalances"
  >;
  readonly NOTIFICATIONS: Pick<NotificationsApi, "listCursors" | "compareWithLog" | "listSent">;
  readonly ANALYTICS: Pick<
    AnalyticsApi,
    "listCursors" | "compareWithLog" | "compareStock" | "readSales" | "listFactOrders" | "listStockSkus"
  >;
  readonly IDENTITY: Pick<IdentityApi, "checkRevocations">;
}
