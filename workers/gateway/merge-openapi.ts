/**
 * One OpenAPI 3.1 document out of the services' documents: paths side by side, components shared when they are the same and
 * prefixed by the service when two different ones have one name; plus what only the gateway knows (servers, tags,
 * credentials, the Idempotency-Key header, problems that any call can end in). Pure.
 */
import { securityOf } from "./openapi-credentials.ts";
import {
  COMMON_COMPONENTS,
  commonProblems,
  IDEMPOTENCY_PARAMETER,
  PROBLEM_CONTENT,
  PROBLEM_DESCRIPTIONS,
  TAGS,
  tagGroups,
  tagOf,
} from "./openapi-parts.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface ServiceDocument {
  readonly service: string;
  readonly document: JsonObject;
}

const METHODS = new Set(["get", "put", "post", "delete", "patch", "head", "options"]);

export function mergeOpenApi(documents: readonly ServiceDocument[], publicUrl: string): JsonObject {
  const components: Record<string, Record<string, Json>> = {};
  const paths: Record<string, JsonObject> = {};
  for (const { service, document } of documents) {
    const renamed = addComponents(components, service, asObject(document["components"]));
    for (const [path, item] of Object.entries(asObject(rewriteRefs(document["paths"] ?? {}, renamed)))) {
      paths[path] = { ...paths[path], ...completeItem(path, asObject(item), service) };
    }
  }
  const used = new Set(Object.values(paths).flatMap(tagsOf));
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: publicUrl }],
    tags: tagList(used),
    "x-tagGroups": tagGroups(used),
    security: [],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: withCommon(components),
  };
}

const INFO: JsonObject = {
  title: "Holdfast",
  version: "1",
  summary: "The shop's whole public API.",
  description:
    "JSON, `snake_case`, plural nouns. Money is `{ amount_minor, currency }`, times are ISO 8601 UTC, lists are `{ items, next_cursor }`. " +
    "Errors are problem documents (RFC 9457) with a stable `code`. Every answer carries `x-request-id`.",
  license: { name: "Apache-2.0", identifier: "Apache-2.0" },
};

/** Adds a service's components. @returns how its references must be rewritten, `#/components/schemas/Cart` → `…/orders_Cart`. */
function addComponents(
  components: Record<string, Record<string, Json>>,
  service: string,
  added: JsonObject,
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const [section, entries] of Object.entries(added)) {
    for (const [name, value] of Object.entries(asObject(entries))) {
      const present = components[section]?.[name] ?? COMMON_COMPONENTS[section]?.[name];
      if (present !== undefined && canonical(present) !== canonical(value)) {
        renamed.set(`#/components/${section}/${name}`, `#/components/${section}/${service.replaceAll("-", "_")}_${name}`);
      }
    }
  }
  for (const [section, entries] of Object.entries(added)) {
    components[section] ??= {};
    for (const [name, value] of Object.entries(asObject(entries))) {
      const finalName = renamed.get(`#/components/${section}/${name}`)?.split("/").at(-1) ?? name;
      components[section][finalName] = rewriteRefs(value, renamed);
    }
  }
  return renamed;
}

function withCommon(components: Record<string, Record<string, Json>>): JsonObject {
  const sections = new Set([...Object.keys(components), ...Object.keys(COMMON_COMPONENTS)]);
  return Object.fromEntries(
    [...sections].sort().map((section) => [section, { ...components[section], ...COMMON_COMPONENTS[section] }]),
  );
}

function rewriteRefs(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((entry: Json) => rewriteRefs(entry, renamed));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === "string" ? rewriteText(key, entry, renamed) : rewriteRefs(entry, renamed),
    ]),
  );
}

function rewriteText(key: string, text: string, renamed: ReadonlyMap<string, string>): string {
  if (key === "$ref") return renamed.get(text) ?? text;
  // The generator leaves the flag of `/…/u` in the pattern; JSON Schema's patterns are Unicode without one.
  return key === "pattern" ? text.replace(/\$\/u$/, "$$") : text;
}

function completeItem(path: string, item: JsonObject, service: string): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [
      key,
      METHODS.has(key) ? completeOperation(path, key, asObject(value), service) : value,
    ]),
  );
}

function completeOperation(path: string, method: string, operation: JsonObject, service: string): JsonObject {
  const security = operation["security"] ?? securityOf(path, method);
  const responses = asObject(operation["responses"]);
  const parameters = asArray(operation["parameters"]);
  const declaresKey = parameters.some((parameter) => String(asObject(parameter)["name"]).toLowerCase() === "idempotency-key");
  const withKey = method === "post" && !declaresKey ? [...parameters, IDEMPOTENCY_PARAMETER] : parameters;
  const hasBody = operation["requestBody"] !== undefined;
  return {
    ...operation,
    tags: [tagOf(path) ?? service],
    security,
    ...(withKey.length === 0 ? {} : { parameters: withKey }),
    responses: { ...commonProblems({ secured: asArray(security).length > 0, hasBody }), ...namedProblems(responses) },
  };
}

/** Every service writes the problem's schema out in full, hundreds of times in all: one reference says the same. */
function namedProblems(responses: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const content = asObject(asObject(response)["content"]);
      const isProblem = Object.keys(content).length === 1 && content["application/problem+json"] !== undefined;
      const description = PROBLEM_DESCRIPTIONS[status];
      return [
        status,
        isProblem && description !== undefined ? { ...asObject(response), description, content: PROBLEM_CONTENT } : response,
      ];
    }),
  );
}

function tagsOf(item: JsonObject): string[] {
  return Object.values(item).flatMap((operation) => asArray(asObject(operation)["tags"]).map(String));
}

/** Planned tags in the order of the page, then services whose paths nobody planned. */
function tagList(used: ReadonlySet<string>): Json {
  const planned = TAGS.filter((tag) => used.has(tag.name)).map(({ name, description }) => ({ name, description }));
  const unplanned = [...used].filter((name) => !TAGS.some((tag) => tag.name === name)).sort();
  return [...planned, ...unplanned.map((name) => ({ name, description: `Operations of ${name}.` }))];
}

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, entry: Json) =>
    entry !== null && typeof entry === "object" && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonObject) : {};
}

function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
