/** Bindings of the privacy worker: every owner of personal data by its contract, and the runs that ask them. */
import type { PersonalDataOwners } from "../../durable-objects/privacy-run/env.ts";
import type { PrivacyRun } from "../../durable-objects/privacy-run/index.ts";
import type { IdentityApi } from "../identity/contract.ts";
import type { OrdersApi } from "../orders/contract.ts";

export interface Env extends PersonalDataOwners {
  readonly DATABASE: D1Database;
  readonly IDENTITY: IdentityApi;
  readonly ORDERS: OrdersApi;
  readonly PRIVACY_RUN: DurableObjectNamespace<PrivacyRun>;
}
