/** Holds real answers against the published OpenAPI document: the path, the status, the content type, the schema. */
import * as z from "zod";
import type { TestSystem } from "./serve-system.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

interface Content {
  readonly schema?: JsonSchema;
}

interface DescribedResponse {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Content>>;
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema & DescribedResponse & Parameter>>>>;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

export async function publishedDocument(system: TestSystem): Promise<ApiDocument> {
  const response = await fetch(`${system.url}/openapi.json`);
  return (await response.json()) as ApiDocument;
}

export interface DescribedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function operations(document: ApiDocument): DescribedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
}

/** The operation that a real call belongs to; fixed paths win over `{…}`. */
export function findOperation(document: ApiDocument, method: string, path: string): DescribedOperation | undefined {
  const segments = pathOnly(path).split("/");
  return operations(document)
    .filter((candidate) => candidate.method === method && fits(candidate.path.split("/"), segments))
    .sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
}

function pathOnly(path: string): string {
  return path.split("?")[0] ?? path;
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return template.length === segments.length && template.every((part, index) => part.startsWith("{") || part === segments[index]);
}

export function resolve<T extends { readonly $ref?: string }>(document: ApiDocument, value: T): T {
  if (value.$ref === undefined) return value;
  const [section = "", name = ""] = value.$ref.replace("#/components/", "").split("/");
  return document.components[section]?.[name] as unknown as T;
}

/** What about this answer is not as published; empty when everything is. */
export function describedAnswer(
  document: ApiDocument,
  method: string,
  path: string,
  response: Response,
  body: unknown,
): string[] {
  const found = findOperation(document, method, path);
  const where = `${method} ${pathOnly(path)} → ${response.status}`;
  if (found === undefined) return response.status === 404 || response.status === 405 ? [] : [`${where}: not published`];
  const described = found.operation.responses[String(response.status)] ?? found.operation.responses["default"];
  if (described === undefined) return [`${where}: status not published`];
  const { content } = resolve(document, described);
  if (content === undefined) return body === "" ? [] : [`${where}: has a body, none is published`];
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = content[type]?.schema;
  if (content[type] === undefined) return [`${where}: ${type} is not published`];
  if (schema === undefined || !type.includes("json")) return [];
  const parsed = validator(document, schema).safeParse(body);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${where}: ${issue.path.join(".")} ${issue.message}`);
}

const validators = new WeakMap<JsonSchema, z.ZodType>();

function validator(document: ApiDocument, schema: JsonSchema): z.ZodType {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema(standalone(document, schema) as Parameters<typeof z.fromJSONSchema>[0]);
  validators.set(schema, made);
  return made;
}

/**
 * The schema with the document's components as its own definitions. Patterns with `\\p{…}` are left out: JSON Schema's are
 * Unicode, zod compiles them without the flag and would refuse everything.
 */
function standalone(document: ApiDocument, schema: JsonSchema): unknown {
  const text = JSON.stringify({ ...schema, $defs: document.components["schemas"] ?? {} }, (key, value: unknown) =>
    key === "pattern" && typeof value === "string" && value.includes("\\p{") ? undefined : value,
  );
  return JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/"));
}
