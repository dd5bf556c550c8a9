/** Bindings of the storefront: peers by their public HTTP contract, and the catalogue's version that purges pages. */
import type { Env as HonoEnv } from "hono";
import type { CatalogApi } from "../catalog/contract.ts";
import type { IdentityApi } from "../identity/contract.ts";
import type { PageContext } from "./page-context.ts";

export interface StorefrontEnv {
  readonly CATALOG: Fetcher & Pick<CatalogApi, "version" | "listHandles">;
  readonly INVENTORY: Fetcher;
  readonly ORDERS: Fetcher;
  readonly PRIVACY: Fetcher;
  readonly IDENTITY: Fetcher &
    Pick<
      IdentityApi,
      | "signInBrowser"
      | "completeSignInBrowser"
      | "signInBrowserByPasskey"
      | "registerBrowser"
      | "readAuthorization"
      | "answerAuthorization"
    >;
}

/** The peers that `ask` may ask. */
export type Peer = "CATALOG" | "INVENTORY" | "ORDERS" | "IDENTITY" | "PRIVACY";

export interface StorefrontHono extends HonoEnv {
  Bindings: StorefrontEnv;
  Variables: { page: PageContext };
}
