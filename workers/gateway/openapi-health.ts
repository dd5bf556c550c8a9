/** `/healthz` in the published document, and the only operation of the gateway's own. Pure data. */
import type { JsonObject } from "./merge-openapi.ts";

export const HEALTH_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    status: { enum: ["ok", "failing"] },
    environment: { type: "string" },
    services: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: {
          status: { enum: ["ok", "failing"] },
          checks: { type: "object", additionalProperties: { type: "string" } },
          outside: {
            type: "object",
            description: "What is not ours, such as the payment provider, as the isolate that answered has met it.",
            additionalProperties: {
              type: "object",
              properties: {
                state: { enum: ["unknown", "answers", "fails"] },
                breaker: { enum: ["closed", "open", "half_open", "isolated"] },
                last_failure_at: { type: ["string", "null"], format: "date-time" },
              },
              required: ["state", "breaker", "last_failure_at"],
            },
          },
        },
        required: ["status", "checks"],
      },
    },
    breakers: {
      type: "object",
      description: "Circuit breakers of the isolate that answered, by service that it asked.",
      additionalProperties: {
        type: "object",
        properties: {
          state: { enum: ["closed", "open", "half_open", "isolated"] },
          consecutive_failures: { type: "integer" },
          changed_at: { type: ["string", "null"], format: "date-time" },
        },
        required: ["state", "consecutive_failures", "changed_at"],
      },
    },
    load: {
      type: "object",
      description:
        "Of the isolate that answered, by class of call: under way, how many may be under way, and refused as `overloaded` so far.",
      additionalProperties: {
        type: "object",
        properties: {
          waiting: { type: "integer" },
          in_flight: { type: "integer" },
          limit: { type: "integer" },
          refused: { type: "integer" },
        },
        required: ["waiting", "in_flight", "limit", "refused"],
      },
    },
    moves: {
      type: "array",
      description: "Paths that an older shop still answers, and for how many percent of the clients.",
      items: {
        type: "object",
        properties: {
          path: { type: "string" },
          methods: { type: "array", items: { type: "string" } },
          to: { type: "string" },
          percent: { type: "number" },
        },
        required: ["path", "to"],
      },
    },
  },
  required: ["status", "environment", "services", "breakers", "load", "moves"],
};

/** The gateway's own operations, in the form of a service's document. */
export const OWN_DOCUMENT: JsonObject = {
  paths: {
    "/healthz": {
      get: {
        operationId: "getHealth",
        summary: "How each service and its database is",
        security: [],
        responses: {
          "200": {
            description: "Everything works.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Health" } } },
          },
          "503": {
            description: "Something is failing; it says what.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Health" } } },
          },
        },
      },
    },
  },
};
