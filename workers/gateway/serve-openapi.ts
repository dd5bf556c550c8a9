/** `/openapi.json`: the services' documents merged, kept as text per isolate; read again while a service was down. */
import { logger } from "../shared/telemetry.ts";
import type { GatewayEnv } from "./env.ts";
import { serviceName } from "./forward.ts";
import { type JsonObject, mergeOpenApi, type ServiceDocument } from "./merge-openapi.ts";
import { OWN_DOCUMENT } from "./openapi-health.ts";
import { DESCRIBED_SERVICES } from "./report-health.ts";

const DEADLINE_MS = 5_000;
/** A service that is deployed anew shows up after this long. */
const KEPT_FOR_MS = 300_000;

let kept: { readonly text: string; readonly untilMs: number } | undefined;

export async function openApiText(env: GatewayEnv, publicUrl: string, nowMs: number): Promise<string> {
  if (kept !== undefined && nowMs < kept.untilMs) return kept.text;
  const documents = await Promise.all(
    DESCRIBED_SERVICES.map((service) => documentOf(serviceName(service), env[service]).catch((error) => missing(service, error))),
  );
  const present = documents.filter((document) => document !== undefined);
  const text = JSON.stringify(mergeOpenApi([{ service: "gateway", document: OWN_DOCUMENT }, ...present], publicUrl));
  if (present.length === documents.length) kept = { text, untilMs: nowMs + KEPT_FOR_MS };
  return text;
}

async function documentOf(service: string, peer: Fetcher): Promise<ServiceDocument> {
  const response = await peer.fetch("https://service.holdfast.internal/openapi.json", {
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return { service, document: await response.json<JsonObject>() };
}

function missing(service: string, error: unknown): undefined {
  logger("gateway").error("openapi_document_missing", error, { peer: service });
}
