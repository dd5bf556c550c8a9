/** Every service with personal data, by its contract, and where a request's end is written. */
import type { AnalyticsApi } from "../../queues/analytics/contract.ts";
import type { DeadLettersApi } from "../../queues/dead-letters/contract.ts";
import type { NotificationsApi } from "../../queues/notifications/contract.ts";
import type { IdentityApi } from "../../workers/identity/contract.ts";
import type { OrdersApi } from "../../workers/orders/contract.ts";
import type { PaymentsApi } from "../../workers/payments/contract.ts";
import type { PersonalData } from "../../workers/shared/privacy.ts";
import type { ArchiveHolder } from "./discard-archives.ts";

export interface PersonalDataOwners {
  readonly ORDERS: PersonalData & Pick<OrdersApi, "catchUp" | "findPersonOrders">;
  readonly NOTIFICATIONS: PersonalData & Pick<NotificationsApi, "catchUp">;
  readonly PAYMENTS: Pick<PaymentsApi, keyof PersonalData>;
  readonly ANALYTICS: Pick<AnalyticsApi, keyof PersonalData>;
  readonly DEAD_LETTERS: DeadLettersApi;
  readonly IDENTITY: Pick<IdentityApi, keyof PersonalData | "closeAccount">;
}

export interface PrivacyRunEnv extends PersonalDataOwners, ArchiveHolder {}

/**
 * Everybody who is asked, in this order. Orders lose their words before the messages about them do; identity comes last, because
 * it alone knows who the rest was about: an erasure that broke off can always begin again.
 */
export const OWNERS = ["ORDERS", "NOTIFICATIONS", "PAYMENTS", "ANALYTICS", "DEAD_LETTERS", "IDENTITY"] as const;
export type OwnerName = (typeof OWNERS)[number];

/** `DEAD_LETTERS` → `dead-letters`. */
export function ownerName(owner: OwnerName): string {
  return owner.toLowerCase().replaceAll("_", "-");
}
