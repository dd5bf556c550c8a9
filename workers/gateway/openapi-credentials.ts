/** The credentials of the merged document: what each is, and which opens a path. Pure data. */
import type { CustomerScope } from "../shared/principal.ts";
import type { Json, JsonObject } from "./merge-openapi.ts";

const BEARER: Json = [{ bearer: [] }];

/** Which credential opens a path, for operations that do not say it themselves. An empty list: none is needed. */
export function securityOf(path: string, method: string): Json {
  if (path.startsWith("/v1/admin/") || path.startsWith("/v1/me")) return BEARER;
  if (path.startsWith("/v1/carts/{")) return [{ cartToken: [] }, { bearer: [] }, { oauth: ["carts:write"] }];
  if (path.startsWith("/v1/orders/{")) {
    const scope = path === "/v1/orders/{id}" ? "orders:read" : "carts:write";
    return [{ orderToken: [] }, { bearer: [] }, { oauth: [scope] }];
  }
  if (path === "/v1/orders" && method === "get") return [{ bearer: [] }, { oauth: ["orders:read"] }];
  return [];
}

export const SECURITY_SCHEMES: JsonObject = {
  bearer: { type: "http", scheme: "bearer", description: "The admin key, an API key (`hf_live_…`), or an access token from signing in." },
  oauth: {
    type: "oauth2",
    description: "An access token of an app, within its scopes; found by `/.well-known/oauth-authorization-server`.",
    flows: {
      authorizationCode: {
        authorizationUrl: "/oauth/authorize",
        tokenUrl: "/oauth/token",
        refreshUrl: "/oauth/token",
        scopes: {
          "profile:read": "Name and e-mail address",
          "profile:write": "Change the name",
          "addresses:read": "The address book",
          "addresses:write": "Change the address book",
          "carts:write": "Fill carts, and order from them",
          "orders:read": "Orders and where they are",
        } satisfies Readonly<Record<CustomerScope, string>>,
      },
    },
  },
  cartToken: { type: "apiKey", in: "header", name: "Cart-Token", description: "From the answer that made the cart." },
  orderToken: { type: "apiKey", in: "header", name: "Order-Token", description: "From the answer of the checkout." },
};
