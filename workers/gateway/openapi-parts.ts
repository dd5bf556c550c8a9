/** What the gateway adds to the merged document: tags, shared components and problems. Pure data. */
import type { Json, JsonObject } from "./merge-openapi.ts";
import { SECURITY_SCHEMES } from "./openapi-credentials.ts";
import { HEALTH_SCHEMA } from "./openapi-health.ts";

interface TagRule {
  readonly name: string;
  readonly description: string;
  readonly group: "Shopping" | "Operating" | "System";
  /** Operations below these paths belong to it; the longest wins. */
  readonly paths: readonly string[];
}

/** One order of things for the whole page, whatever the services call theirs. */
export const TAGS: readonly TagRule[] = [
  {
    name: "Products",
    group: "Shopping",
    paths: ["/v1/products", "/v1/search"],
    description: "Browse and search what is for sale.",
  },
  { name: "Categories", group: "Shopping", paths: ["/v1/categories"], description: "The tree that products are filed under." },
  {
    name: "Availability",
    group: "Shopping",
    paths: ["/v1/availability", "/v1/stock-feed"],
    description: "Live stock, never cached.",
  },
  { name: "Pictures", group: "Shopping", paths: ["/media"], description: "Pictures in the width and format that a page needs." },
  {
    name: "Carts",
    group: "Shopping",
    paths: ["/v1/carts", "/v1/shipping-options"],
    description: "Fill a cart and check out; each cart has its token.",
  },
  {
    name: "Orders",
    group: "Shopping",
    paths: ["/v1/orders"],
    description: "Follow an order, by its token or the owner's login.",
  },
  {
    name: "Sign-in",
    group: "Shopping",
    paths: ["/v1/auth", "/.well-known"],
    description: "Register, sign in, refresh, sign out.",
  },
  {
    name: "Apps",
    group: "Shopping",
    paths: ["/oauth", "/.well-known/oauth", "/v1/me/apps"],
    description: "OAuth 2.1: apps and agents that act for customers who allow it.",
  },
  { name: "Account", group: "Shopping", paths: ["/v1/me"], description: "The signed-in customer: profile, addresses, sessions." },
  {
    name: "Personal data",
    group: "Shopping",
    paths: ["/v1/privacy", "/v1/me/export", "/v1/me/erasure"],
    description: "Take one's data along, or have it erased.",
  },
  {
    name: "Personal data of customers",
    group: "Operating",
    paths: ["/v1/admin/customers", "/v1/admin/privacy-requests"],
    description:
      "Export and erase for a person who asked, see what was asked, and let somebody in again who lost their second factor.",
  },
  {
    name: "Manage products",
    group: "Operating",
    paths: ["/v1/admin/products"],
    description: "Create, change and retire products.",
  },
  { name: "Manage categories", group: "Operating", paths: ["/v1/admin/categories"], description: "Create, rename, move." },
  { name: "Manage pictures", group: "Operating", paths: ["/v1/admin/media"], description: "Upload, list and delete pictures." },
  {
    name: "Import and export",
    group: "Operating",
    paths: ["/v1/admin/imports", "/v1/admin/exports"],
    description: "Product CSV in Shopify's column names.",
  },
  { name: "Stock", group: "Operating", paths: ["/v1/admin/stock"], description: "Receipts, adjustments and each SKU's journal." },
  {
    name: "Manage orders",
    group: "Operating",
    paths: ["/v1/admin/orders"],
    description: "Find, ship, refund and cancel orders.",
  },
  {
    name: "OAuth clients",
    group: "Operating",
    paths: ["/v1/admin/oauth-clients"],
    description: "Servers that act for the shop, and apps that operators register.",
  },
  {
    name: "Settings",
    group: "Operating",
    paths: ["/v1/admin/shipping-rates", "/v1/admin/tax-rates"],
    description: "Shipping rates and taxes by country.",
  },
  {
    name: "Recovery",
    group: "Operating",
    paths: ["/v1/admin/recovery"],
    description: "Point-in-time recovery of one object.",
  },
  {
    name: "Payments",
    group: "Operating",
    paths: ["/v1/admin/payments", "/v1/admin/ledger"],
    description: "Payments, the ledger, and whether they agree.",
  },
  { name: "Reports", group: "Operating", paths: ["/v1/admin/reports"], description: "Sales and stock in figures." },
  {
    name: "Notifications",
    group: "Operating",
    paths: ["/v1/admin/notifications"],
    description: "What was sent, to whom, by which channel.",
  },
  {
    name: "Dead letters",
    group: "Operating",
    paths: ["/v1/admin/dead-letters"],
    description: "Messages that no consumer could process: why, replay, discard.",
  },
  {
    name: "Audit",
    group: "Operating",
    paths: ["/v1/admin/audit", "/v1/admin/projections"],
    description: "Every invariant, checked over every store; projections and their rebuilds.",
  },
  {
    name: "Staff",
    group: "Operating",
    paths: ["/v1/admin/staff"],
    description: "Who is of the staff, and as what: invite, change roles, remove.",
  },
  { name: "API keys", group: "Operating", paths: ["/v1/admin/api-keys"], description: "Keys for integrations." },
  {
    name: "Privileged log",
    group: "Operating",
    paths: ["/v1/admin/log"],
    description: "Who changed what, append-only, and whether it is whole.",
  },
  { name: "Webhooks", group: "System", paths: ["/v1/webhooks"], description: "Where the payment provider reports." },
  { name: "System", group: "System", paths: ["/healthz"], description: "Is it up, and what is it." },
];

/** The tag that a path is filed under; undefined for a path that nobody planned. */
export function tagOf(path: string): string | undefined {
  const rules = TAGS.flatMap((tag) => tag.paths.map((prefix) => ({ prefix, name: tag.name })));
  return rules.filter(({ prefix }) => path.startsWith(prefix)).sort((a, b) => b.prefix.length - a.prefix.length)[0]?.name;
}

/** Sections of the reference page, of the tags in use. */
export function tagGroups(used: ReadonlySet<string>): Json {
  return (["Shopping", "Operating", "System"] as const).map((group) => ({
    name: group,
    tags: TAGS.filter((tag) => tag.group === group && used.has(tag.name)).map((tag) => tag.name),
  }));
}

export const PROBLEM_CONTENT: Json = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };

/** What each status of a problem means here, for services that only list the number. */
export const PROBLEM_DESCRIPTIONS: Readonly<Record<string, string>> = {
  "400": "Malformed: path, query, header or JSON",
  "401": "Not authenticated",
  "402": "The payment was declined",
  "403": "The credential lacks the scope",
  "404": "Not there, or not yours",
  "405": "Another method",
  "409": "Not in the present state; `code` says why",
  "410": "Gone",
  "413": "Body too large",
  "414": "Address too long",
  "415": "Not the documented content type",
  "422": "The body does not have the documented shape; see `errors`",
  "426": "Only as a WebSocket",
  "429": "Too many requests; try again after `retry-after`",
  "431": "A header is too large",
  "501": "Not on this platform",
  "502": "The payment provider failed",
  "503": "A service cannot be reached; try again after `retry-after`",
  "504": "Not in time; it may have happened",
};

function problem(description: string): JsonObject {
  return { description, content: PROBLEM_CONTENT };
}

export const IDEMPOTENCY_PARAMETER: Json = { $ref: "#/components/parameters/IdempotencyKey" };

export const COMMON_COMPONENTS: Readonly<Record<string, JsonObject>> = {
  schemas: {
    Problem: {
      type: "object",
      description: "RFC 9457, with a stable `code` to switch on.",
      properties: {
        type: { type: "string" },
        title: { type: "string" },
        status: { type: "integer" },
        detail: { type: "string", description: "What happened and what you can do now." },
        code: { type: "string" },
        errors: {
          type: "array",
          description: "The bad places of a refused body.",
          items: {
            type: "object",
            properties: { path: { type: "string" }, message: { type: "string" } },
            required: ["path", "message"],
          },
        },
      },
      required: ["type", "title", "status", "detail", "code"],
    },
    Health: HEALTH_SCHEMA,
  },
  responses: {
    InvalidRequest: problem("The path, query, header or body is malformed: `invalid_request`, `malformed_body`."),
    NotAuthenticated: problem("No credential, or one that does not stand: `authentication_required`, `invalid_token`."),
    NotAllowed: problem("The credential does not reach so far: `insufficient_scope`."),
    BodyTooLarge: problem("`body_too_large`."),
    UnsupportedMediaType: problem("`unsupported_media_type`."),
    TooManyRequests: {
      ...problem("`rate_limited`: nothing was done; try again after `retry-after` seconds."),
      headers: {
        "Retry-After": { schema: { type: "integer" }, description: "Seconds." },
        RateLimit: { schema: { type: "string" }, description: 'What is left, as `"search";r=0;t=42`: calls, and seconds.' },
        "RateLimit-Policy": { schema: { type: "string" }, description: 'The limit, as `"search";q=240;w=60`.' },
      },
    },
    Unavailable: problem("`service_unavailable` or `overloaded`: try again after `retry-after` seconds."),
    TimedOut: problem("`deadline_exceeded`: what you asked for may have happened; ask again with the same key, or look."),
  },
  parameters: {
    IdempotencyKey: {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description: "One effect per key: a repetition gets the first answer again, with `Idempotent-Replayed: true`.",
      schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
    },
  },
  securitySchemes: SECURITY_SCHEMES,
};

/** Problems that the gateway can answer any operation with. */
export function commonProblems(traits: { readonly secured: boolean; readonly hasBody: boolean }): JsonObject {
  const reference = (name: string): Json => ({ $ref: `#/components/responses/${name}` });
  return {
    "400": reference("InvalidRequest"),
    ...(traits.secured ? { "401": reference("NotAuthenticated"), "403": reference("NotAllowed") } : {}),
    ...(traits.hasBody ? { "413": reference("BodyTooLarge"), "415": reference("UnsupportedMediaType") } : {}),
    "429": reference("TooManyRequests"),
    "503": reference("Unavailable"),
    "504": reference("TimedOut"),
  };
}
