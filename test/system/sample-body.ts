/** A path and a body that a published operation takes, as plain as can be; nothing is there by those ids. Pure. */
import type { ApiDocument, DescribedOperation } from "./published-api.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Texts that a schema does not spell out. */
const CODES: Readonly<Record<string, string>> = { currency: "GBP", country: "GB" };
const ID_PREFIXES: Readonly<Record<string, string>> = {
  orders: "ord",
  "dead-letters": "dlq",
  notifications: "ntf",
  products: "prod",
};

/** `/v1/orders/{id}/x` → `/v1/orders/ord_01h…/x`. */
export function samplePath(template: string): string {
  return template.replace(/([^/]+)\/\{[^}]+\}/g, (_, of: string) => {
    const prefix = ID_PREFIXES[of];
    return `${of}/${prefix === undefined ? "sample" : `${prefix}_01h455vb4pex5vsknk084sn02q`}`;
  });
}

/** @returns undefined for an operation without a JSON body. */
export function sampleBody(document: ApiDocument, { operation }: DescribedOperation): unknown {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  return schema === undefined ? undefined : sampleOf(document, schema as Schema);
}

function sampleOf(document: ApiDocument, schema: Schema): unknown {
  if (schema.$ref !== undefined) return sampleOf(document, refered(document, schema.$ref));
  for (const value of [schema.const, schema.example, schema.default, schema.enum?.[0]]) if (value !== undefined) return value;
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return sampleOf(document, choice);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => sampleOf(document, part)));
  switch (typeof schema.type === "string" ? schema.type : schema.type?.[0]) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, CODES[name] ?? sampleOf(document, schema.properties?.[name] ?? {})]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(document, schema.items ?? {}));
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "string":
      return sampleText(schema);
    default:
      return null;
  }
}

function sampleText({ format, minLength = 1 }: Schema): string {
  if (format === "email") return "sample@shop.example";
  if (format === "uri" || format === "url") return "https://shop.example/";
  if (format === "date-time") return "2030-01-01T00:00:00.000Z";
  return "sample".padEnd(minLength, "-");
}

function refered(document: ApiDocument, reference: string): Schema {
  const [section = "", name = ""] = reference.replace("#/components/", "").split("/");
  return (document.components[section]?.[name] ?? {}) as Schema;
}
