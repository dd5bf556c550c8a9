/**
 * What an app says of itself when it registers (RFC 7591 §2). What we do not know is ignored, as the standard asks; what we
 * know is held to its rules. Pure.
 */
import * as z from "zod";
import { CUSTOMER_SCOPES } from "../../shared/principal.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { type OAuthError, oauthError } from "./oauth-error.ts";
import { findRedirectUriFault, REDIRECT_URIS_MAX } from "./redirect-uri.ts";
import { AUTH_METHODS, type AuthMethod } from "./schema.ts";
import { isCustomerScope, joinScope, SCOPE_LENGTH_MAX, splitScope } from "./scopes.ts";

const NAME_LENGTH_MAX = 60;

/** One line without letters that turn, hide or join others: the customer reads it before saying yes. */
export const ClientName = z
  .string()
  .trim()
  .min(1)
  .max(NAME_LENGTH_MAX)
  .refine((text) => text.isWellFormed() && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), "must be one line of visible characters");

export const RedirectUris = z
  .array(
    z.string().check((context) => {
      const fault = findRedirectUriFault(context.value);
      if (fault !== undefined) context.issues.push({ code: "custom", message: fault, input: "" });
    }),
  )
  .min(1)
  .max(REDIRECT_URIS_MAX)
  .refine((uris) => new Set(uris).size === uris.length, "must not name one twice");

/** Every app gets both, whatever it asks for of them. */
export const APP_GRANT_TYPES = ["authorization_code", "refresh_token"] as const;

const Metadata = z.object({
  redirect_uris: RedirectUris,
  client_name: ClientName.optional(),
  token_endpoint_auth_method: z.enum(AUTH_METHODS).default("client_secret_basic"),
  grant_types: z.array(z.enum(APP_GRANT_TYPES)).max(10).optional(),
  response_types: z.array(z.literal("code")).max(10).optional(),
  scope: z.string().max(SCOPE_LENGTH_MAX).optional(),
});

export interface NewApp {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly authMethod: AuthMethod;
  readonly scope: string;
}

export function parseMetadata(body: unknown): Result<NewApp, OAuthError> {
  const parsed = Metadata.safeParse(body);
  if (!parsed.success) return err(refusalOf(parsed.error));
  const { redirect_uris: redirectUris, client_name: name, token_endpoint_auth_method: authMethod, scope } = parsed.data;
  // Scopes of other servers, such as `openid`, are left out; the answer says what is left.
  const known = scope === undefined ? CUSTOMER_SCOPES : splitScope(scope).filter(isCustomerScope);
  if (known.length === 0) return err(oauthError("invalid_client_metadata", `scope: known are ${joinScope(CUSTOMER_SCOPES)}`));
  return ok({ name: name ?? nameOf(redirectUris), redirectUris, authMethod, scope: joinScope(known) });
}

/** An app without a name is called by where it lives. */
function nameOf([first = ""]: readonly string[]): string {
  const url = new URL(first);
  return (url.host === "" ? url.protocol.slice(0, -1) : url.host).slice(0, NAME_LENGTH_MAX);
}

function refusalOf(error: z.core.$ZodError): OAuthError {
  const [issue] = error.issues;
  const code = issue?.path[0] === "redirect_uris" ? "invalid_redirect_uri" : "invalid_client_metadata";
  return oauthError(code, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not as RFC 7591 asks"}`);
}
