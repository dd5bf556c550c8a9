/** An app written by somebody else: the library `oauth4webapi`, which checks every answer against the standards by itself. */
import * as oauth from "oauth4webapi";
import type { Visitor } from "./visitor.ts";

/** The shop under test has no TLS. */
const OPTIONS = { [oauth.allowInsecureRequests]: true } as const;
export const CALLBACK = "https://parcels.example/callback?tenant=1";

export interface App {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
}

/** Knows the API's address alone: its refusal says where the metadata is (RFC 9728), and that whose tokens it takes. */
export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const metadata = await whereMetadataIs(new URL("/v1/me", url));
  const resource = await oauth.processResourceDiscoveryResponse(url, await fetch(metadata));
  const [named] = resource.authorization_servers ?? [];
  const server = new URL(named ?? "");
  return await oauth.processDiscoveryResponse(server, await oauth.discoveryRequest(server, { ...OPTIONS, algorithm: "oauth2" }));
}

async function whereMetadataIs(api: URL): Promise<string> {
  const refused = await oauth
    .protectedResourceRequest("no-token", "GET", api, undefined, undefined, OPTIONS)
    .catch((error) => error);
  if (!(refused instanceof oauth.WWWAuthenticateChallengeError)) throw new Error(`no challenge at ${api}`);
  const [challenge] = refused.cause;
  return challenge?.parameters.resource_metadata ?? "";
}

/** @param method `none` for a program on its user's computer. */
export async function registerApp(issuer: string, method: "none" | "client_secret_basic" | "client_secret_post"): Promise<App> {
  const server = await discover(issuer);
  const metadata = { client_name: "Parcel Watch", redirect_uris: [CALLBACK], token_endpoint_auth_method: method };
  const registered = await oauth.dynamicClientRegistrationRequest(server, metadata, OPTIONS);
  const client = await oauth.processDynamicClientRegistrationResponse(registered);
  const secret = String(client.client_secret);
  const auths = {
    none: () => oauth.None(),
    client_secret_basic: () => oauth.ClientSecretBasic(secret),
    client_secret_post: () => oauth.ClientSecretPost(secret),
  };
  return { server, client, auth: auths[method]() };
}

export interface Question {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
}

export async function question({ server, client }: App, scope: string): Promise<Question> {
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
  const url = new URL(String(server.authorization_endpoint));
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }).toString();
  return { url, verifier, state };
}

/** The customer reads the page and presses one of its buttons. @returns where the app is told. */
export async function decide(visitor: Visitor, url: URL, answer: "allow" | "deny"): Promise<URL> {
  const page = await visitor.open(url.href);
  return new URL((await visitor.submit(page, "/oauth/authorize", { answer })).url);
}

export async function exchange(app: App, asked: Question, landed: URL): Promise<oauth.TokenEndpointResponse> {
  const { server, client, auth } = app;
  const answer = oauth.validateAuthResponse(server, client, landed, asked.state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, auth, answer, CALLBACK, asked.verifier, OPTIONS);
  return await oauth.processAuthorizationCodeResponse(server, client, response);
}

export async function refresh({ server, client, auth }: App, token: string): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(server, client, auth, token, OPTIONS);
  return await oauth.processRefreshTokenResponse(server, client, response);
}

export async function revoke({ server, client, auth }: App, token: string): Promise<void> {
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, token, OPTIONS));
}

export async function clientCredentials(
  issuer: string,
  clientId: string,
  secret: string,
  scope: string,
): Promise<oauth.TokenEndpointResponse> {
  const [server, client] = [await discover(issuer), { client_id: clientId }];
  const auth = oauth.ClientSecretBasic(secret);
  const response = await oauth.clientCredentialsGrantRequest(server, client, auth, { scope }, OPTIONS);
  return await oauth.processClientCredentialsResponse(server, client, response);
}
