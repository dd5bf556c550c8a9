/** What the authorization server works with: identity's store, its own name, the key of its tokens, and whether apps register. */
import { configuration, type Env, openStore, type Store } from "../env.ts";

export interface AuthorizationServer extends Store {
  /** `https://shop.example`: `issuer` of the metadata and `iss` of answers. */
  readonly issuer: string;
  /** Signs access tokens; the same value as at the gateway. */
  readonly tokenSecret: string;
  readonly registration: "open" | "closed";
}

export function openAuthorizationServer(bindings: Env): AuthorizationServer {
  return {
    ...openStore(bindings),
    issuer: new URL(configuration.PUBLIC_URL).origin,
    tokenSecret: configuration.CAPABILITY_SECRET,
    registration: configuration.OAUTH_REGISTRATION,
  };
}

/** A parameter that is sent twice means two things; one that is sent empty is not sent (RFC 6749 §3.1). */
export function readParameters(text: string): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) return undefined;
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/** RFC 8707: we have one resource, the whole API. */
export function isOurResource(issuer: string, resource: string | undefined): boolean {
  return resource === undefined || resource === issuer || resource === `${issuer}/`;
}
