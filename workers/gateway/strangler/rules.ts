/**
 * Which paths an older shop still answers: the rules of a gradual move, as JSON in `STRANGLER_RULES`. Parsed once at start;
 * a bad rule stops the worker with a sentence that names it. Pure.
 */
import * as z from "zod";
import { isInternalHeader } from "../../shared/principal.ts";
import { type OriginFault, plainOrigin, publicOrigin } from "../../shared/public-address.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { PathMove } from "../report-health.ts";
import { isReserved } from "../routing-table.ts";

const MEBIBYTE = 1_048_576;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** The routing table decides, as without rules. */
export const HERE = "holdfast";

/** They hold our credentials, or tell about ourselves. */
const OWN_PATHS = [
  "/healthz",
  "/openapi.json",
  "/docs",
  "/payment-sandbox",
  "/v1/admin",
  "/v1/auth",
  "/v1/me",
  "/v1/webhooks",
  "/.well-known/jwks.json",
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-protected-resource",
];

/** A path as the router sees it: whole segments, nothing escaped. */
const Path = z
  .string()
  .max(512)
  .regex(
    /^\/(?:[^/*?#%\\\s]+(?:\/[^/*?#%\\\s]+)*)?$/,
    "must be a path such as /wishlist, without a slash at the end, wildcards or escapes",
  )
  .refine((path) => !/\/\.{1,2}(?:\/|$)/.test(path), "must not have dot segments")
  .refine((path) => !OWN_PATHS.some((own) => path === own || path.startsWith(`${own}/`)), "is Holdfast's own and stays here");

const OriginName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be a short lower-case name such as old-shop");
const CookieName = z
  .string()
  .regex(/^[A-Za-z0-9!#$&'^_`|~.-]{1,128}\*?$/, "must be a cookie's name; a star at the end stands for any rest")
  .refine(
    (name) => !/^__Host-holdfast/i.test(name) && !"__Host-holdfast".startsWith(name.replace(/\*$/, "")),
    "is a cookie of Holdfast's",
  );
/** `authorization` has a switch of its own. */
const OWN_HEADERS =
  /^(?:authorization|cookie|host|cart-token|order-token|connection|te|trailer|transfer-encoding|upgrade|via|x-request-id|traceparent|content-length|keep-alive|(?:proxy|cf|x-forwarded)-.*)$/;
const HeaderName = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, "must be a header's name in lower case")
  .refine((name) => !OWN_HEADERS.test(name) && !isInternalHeader(name), "is never handed on as it comes");

const Origin = z.strictObject({
  url: z.string(),
  /** Until its headers are here. */
  deadline_ms: z.int().min(100).max(60_000).default(10_000),
  request_bytes_max: z
    .int()
    .min(0)
    .max(100 * MEBIBYTE)
    .default(10 * MEBIBYTE),
  answer_bytes_max: z
    .int()
    .min(1)
    .max(1_024 * MEBIBYTE)
    .default(100 * MEBIBYTE),
  /** Cookies that go to it and that it may set. */
  cookies: z.array(CookieName).max(50).default([]),
  /** Request headers that go to it besides the usual ones. */
  headers: z.array(HeaderName).max(50).default([]),
  /** Credentials of its own go to it. Holdfast's never do. */
  forward_authorization: z.boolean().default(false),
  /** The admin key goes to it: only for an origin that is asked to check it. */
  forward_admin_key: z.boolean().default(false),
});

const Rule = z.strictObject({
  path: Path,
  methods: z.array(z.enum(METHODS)).min(1).optional(),
  /** An origin by its name, or `holdfast`. */
  to: z.string(),
  /** Of all clients, in hundredths at the finest. */
  percent: z.number().min(0).max(100).multipleOf(0.01).optional(),
});

const RulesDocument = z.strictObject({
  /** For development alone: origins may be http and on this machine. */
  allow_private_origins: z.boolean().default(false),
  origins: z.record(OriginName, Origin),
  rules: z.array(Rule).max(200),
});

export interface LegacyOrigin extends Omit<z.infer<typeof Origin>, "url"> {
  readonly name: string;
  /** `https://old.shop.example` */
  readonly origin: string;
}

export interface StranglerRule {
  readonly path: string;
  readonly methods: readonly string[] | undefined;
  /** Undefined: it stays here. */
  readonly legacy: LegacyOrigin | undefined;
  /** The legacy origin's share of the clients. */
  readonly percent: number;
}

export interface StranglerRules {
  readonly allowsPrivateOrigins: boolean;
  /** The longest path first. */
  readonly rules: readonly StranglerRule[];
}

export const NO_RULES: StranglerRules = { allowsPrivateOrigins: false, rules: [] };

/** @returns what is wrong, each in a sentence, or the rules. */
export function parseStranglerRules(
  text: string,
): Result<StranglerRules, { readonly code: "invalid_rules"; readonly faults: readonly string[] }> {
  if (text.trim() === "") return ok(NO_RULES);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err({ code: "invalid_rules", faults: ["is not JSON"] });
  }
  const parsed = RulesDocument.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "the document"}: ${issue.message}`);
    return err({ code: "invalid_rules", faults });
  }
  return linked(parsed.data);
}

function linked(
  document: z.infer<typeof RulesDocument>,
): Result<StranglerRules, { readonly code: "invalid_rules"; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  const origins = new Map<string, LegacyOrigin>();
  for (const [name, { url, ...rest }] of Object.entries(document.origins)) {
    const origin = document.allow_private_origins ? plainOrigin(url) : publicOrigin(url);
    if (name === HERE) faults.push(`origins.${name}: is the name of this shop`);
    if (origin.ok)
      origins.set(name, { ...rest, name, origin: typeof origin.value === "string" ? origin.value : origin.value.origin });
    else faults.push(`origins.${name}.url: ${ORIGIN_FAULTS[origin.error.code]}`);
  }
  const rules = document.rules.map((rule, index): StranglerRule => {
    if (rule.to !== HERE && document.origins[rule.to] === undefined)
      faults.push(`rules.${index}.to: "${rule.to}" is neither "${HERE}" nor one of the origins`);
    if (rule.to === HERE && rule.percent !== undefined)
      faults.push(`rules.${index}.percent: belongs to rules that lead to an origin`);
    if (document.rules.slice(0, index).some((other) => overlaps(other, rule)))
      faults.push(`rules.${index}.path: ${rule.path} has a rule for that method already`);
    return { path: rule.path, methods: rule.methods, legacy: origins.get(rule.to), percent: rule.percent ?? 100 };
  });
  if (faults.length > 0) return err({ code: "invalid_rules", faults });
  return ok({
    allowsPrivateOrigins: document.allow_private_origins,
    rules: rules.sort((a, b) => segmentCount(b.path) - segmentCount(a.path)),
  });
}

const ORIGIN_FAULTS: Readonly<Record<OriginFault["code"], string>> = {
  not_a_url: "is no URL",
  not_https: "must be https",
  not_an_origin: "must be an origin such as https://old.shop.example, without a path, a query or a user",
  not_public: "must be a host of the public internet (allow_private_origins is for development)",
};

type Claim = Pick<z.infer<typeof Rule>, "path" | "methods">;

function overlaps(a: Claim, b: Claim): boolean {
  if (a.path !== b.path) return false;
  return a.methods === undefined || b.methods === undefined || a.methods.some((method) => b.methods?.includes(method));
}

function segmentCount(path: string): number {
  return path === "/" ? 0 : path.split("/").length - 1;
}

/**
 * The rule of the longest path. `GET` also means `HEAD`. A rule for pages (`/`) says nothing of the API: what is below `/v1`
 * and `/.well-known` needs a rule that says so.
 */
export function ruleFor({ rules }: StranglerRules, method: string, path: string): StranglerRule | undefined {
  return rules.find(
    (rule) => leads(rule.path, path) && allows(rule.methods, method) && isReserved(path) === isReserved(rule.path),
  );
}

function leads(prefix: string, path: string): boolean {
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

function allows(methods: readonly string[] | undefined, method: string): boolean {
  return methods === undefined || methods.includes(method) || (method === "HEAD" && methods.includes("GET"));
}

/** For `/healthz`: names, not addresses, because strangers read it. */
export function describeRules({ rules }: StranglerRules): PathMove[] {
  return rules.map(({ path, methods, legacy, percent }) => ({
    path,
    ...(methods === undefined ? {} : { methods }),
    to: legacy?.name ?? HERE,
    ...(legacy === undefined ? {} : { percent }),
  }));
}
