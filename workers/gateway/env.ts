/** Bindings of the gateway: every service by its contract, and the objects that keep idempotency keys. */
import type { Env as HonoEnv } from "hono";
import type { IdempotencyKeys } from "../../durable-objects/idempotency-keys/index.ts";
import type { CatalogApi } from "../catalog/contract.ts";
import type { IdentityApi } from "../identity/contract.ts";
import type { Principal } from "../shared/principal.ts";
import type { StaffRole } from "../shared/staff-roles.ts";
import type { CallContext } from "../shared/telemetry.ts";
import type { CountedRate } from "./limit-rate.ts";
import type { RateBinding } from "./rate-policies.ts";
import type { Route } from "./routing-table.ts";
import type { RequestBody } from "./take-body.ts";

export interface GatewayEnv extends Readonly<Record<RateBinding, RateLimit>> {
  readonly IDENTITY: Fetcher & IdentityApi;
  readonly CATALOG: Fetcher & Pick<CatalogApi, "version">;
  readonly INVENTORY: Fetcher;
  readonly ORDERS: Fetcher;
  readonly PAYMENTS: Fetcher;
  readonly NOTIFICATIONS: Fetcher;
  readonly ANALYTICS: Fetcher;
  readonly DEAD_LETTERS: Fetcher;
  readonly AUDIT: Fetcher;
  readonly PRIVACY: Fetcher;
  readonly DOCS: Fetcher;
  readonly STOREFRONT: Fetcher;
  readonly MEDIA: Fetcher;
  /** Absent in production. */
  readonly PAYMENT_SANDBOX?: Fetcher;
  readonly IDEMPOTENCY_KEYS: DurableObjectNamespace<IdempotencyKeys>;
}

/** What the stages hand to each other. */
export interface GatewayVariables {
  context: CallContext;
  route: Route;
  principal: Principal;
  /** Of the staff member who is signed in. */
  role: StaffRole | undefined;
  /** What the service noted for the privileged log. */
  change: string | null | undefined;
  /** Where the call comes from, as far as it is known. */
  network: string | undefined;
  /** Undefined until the call was counted, and where calls are not. */
  rate: CountedRate | undefined;
  body: RequestBody;
  /** The legacy origin that answers; undefined while the routing table decides. */
  servedBy: string | undefined;
}

export interface GatewayHono extends HonoEnv {
  Bindings: GatewayEnv;
  Variables: GatewayVariables;
}
