/** The documents by which clients find everything: RFC 8414 for the server, RFC 9728 for the API. Pure. */
import { CLIENT_SCOPES, CUSTOMER_SCOPES } from "../../shared/principal.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { AUTH_METHODS } from "./schema.ts";

const ALL_SCOPES = [...new Set<string>([...CUSTOMER_SCOPES, ...CLIENT_SCOPES])];

export function describeServer({ issuer, registration }: AuthorizationServer) {
  const always = {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    scopes_supported: ALL_SCOPES,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    token_endpoint_auth_methods_supported: [...AUTH_METHODS],
    revocation_endpoint_auth_methods_supported: [...AUTH_METHODS],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ["en", "de", "ja"],
    service_documentation: `${issuer}/docs`,
  };
  return registration === "open" ? { ...always, registration_endpoint: `${issuer}/oauth/register` } : always;
}

export function describeResource({ issuer }: AuthorizationServer) {
  return {
    resource: issuer,
    authorization_servers: [issuer],
    scopes_supported: ALL_SCOPES,
    bearer_methods_supported: ["header"],
    resource_documentation: `${issuer}/docs`,
  };
}
