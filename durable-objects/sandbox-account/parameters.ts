/** The form fields that each call takes, parsed strictly and refused in the provider's words. Pure. */
import * as z from "zod";
import { err, ok, type Result } from "../../workers/shared/result.ts";
import { type ApiError, invalidRequest } from "./api-error.ts";
import type { FormData } from "./contract.ts";

/** The provider's own limits: eight digits, fifty metadata keys. */
const AMOUNT_MAX = 99_999_999;
const METADATA_KEYS_MAX = 50;
const LIST_LIMIT_MAX = 100;
const LIST_LIMIT_DEFAULT = 10;

function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, "parameter_invalid_integer")
    .transform(Number)
    .pipe(z.int().min(min, "parameter_invalid_integer").max(max, "parameter_invalid_integer"));
}

const Amount = z
  .string()
  .regex(/^-?\d{1,15}$/, "parameter_invalid_integer")
  .transform(Number)
  .pipe(z.int().min(1, "parameter_invalid_integer").max(AMOUNT_MAX, "amount_too_large"));
const Flag = z.enum(["true", "false"]).transform((text) => text === "true");
const Text = z.string().min(1, "parameter_invalid_empty").max(5_000, "parameter_invalid_string_length");
/** Empty unsets. */
const Clearable = z
  .string()
  .max(5_000, "parameter_invalid_string_length")
  .transform((text) => (text === "" ? null : text));
const Url = z.url({ protocol: /^https?$/, error: "url_invalid" }).max(2_048, "url_invalid");
const Currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, "invalid_currency")
  .toLowerCase();
const Expand = z.array(z.string()).default([]);
/** Empty values unset their key. */
const MetadataPatch = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= METADATA_KEYS_MAX)
  .or(z.literal("").transform((): Record<string, string> => ({})))
  .default({});
/** Taken as given: nothing in the sandbox depends on it. */
const Anything = z.unknown();

const words = {
  customer: Text.optional(),
  description: Clearable.optional(),
  metadata: MetadataPatch,
  receipt_email: Clearable.optional(),
  setup_future_usage: z.enum(["off_session", "on_session"]).optional(),
  shipping: Anything.optional(),
  statement_descriptor: Text.optional(),
  statement_descriptor_suffix: Text.optional(),
  transfer_group: Text.optional(),
  expand: Expand,
};

export const CreateIntent = z.strictObject({
  ...words,
  amount: Amount,
  currency: Currency,
  automatic_payment_methods: z.looseObject({ enabled: Flag }).optional(),
  capture_method: z.enum(["automatic", "automatic_async", "manual"]).default("automatic_async"),
  confirm: Flag.default(false),
  confirmation_method: z.enum(["automatic", "manual"]).default("automatic"),
  error_on_requires_action: Flag.default(false),
  off_session: Flag.optional(),
  payment_method: Text.optional(),
  payment_method_options: Anything.optional(),
  payment_method_types: z.array(z.string()).optional(),
  return_url: Url.optional(),
  use_stripe_sdk: Flag.optional(),
});

export const UpdateIntent = z.strictObject({
  ...words,
  amount: Amount.optional(),
  currency: Currency.optional(),
  payment_method: Text.optional(),
});

export const ConfirmIntent = z.strictObject({
  expand: Expand,
  error_on_requires_action: Flag.default(false),
  off_session: Flag.optional(),
  payment_method: Text.optional(),
  payment_method_options: Anything.optional(),
  receipt_email: Clearable.optional(),
  return_url: Url.optional(),
  use_stripe_sdk: Flag.optional(),
});

export const CaptureIntent = z.strictObject({
  expand: Expand,
  amount_to_capture: Amount.optional(),
  final_capture: Flag.optional(),
  metadata: MetadataPatch,
  statement_descriptor: Text.optional(),
  statement_descriptor_suffix: Text.optional(),
});

export const CancelIntent = z.strictObject({
  expand: Expand,
  cancellation_reason: z.enum(["abandoned", "duplicate", "fraudulent", "requested_by_customer"]).optional(),
});

export const CreateRefund = z.strictObject({
  expand: Expand,
  amount: Amount.optional(),
  charge: Text.optional(),
  payment_intent: Text.optional(),
  metadata: MetadataPatch,
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
});

export const Retrieve = z.strictObject({ expand: Expand, client_secret: z.string().optional() });

const Second = integer(0, 253_402_300_799);
const page = {
  expand: Expand,
  limit: integer(1, LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  starting_after: Text.optional(),
  ending_before: Text.optional(),
  created: z
    .strictObject({ gt: Second.optional(), gte: Second.optional(), lt: Second.optional(), lte: Second.optional() })
    .optional(),
};

export const ListIntents = z.strictObject({ ...page, customer: Text.optional() });
export const ListCharges = z.strictObject({ ...page, payment_intent: Text.optional() });
export const ListRefunds = z.strictObject({ ...page, payment_intent: Text.optional(), charge: Text.optional() });
export const ListEvents = z.strictObject({ ...page, type: Text.optional() });
export const SearchIntents = z.strictObject({
  expand: Expand,
  query: Text,
  limit: page.limit,
  page: Text.optional(),
});
export type Page = Pick<z.infer<typeof ListIntents>, "limit" | "starting_after" | "ending_before" | "created">;

export function parseParameters<S extends z.ZodType>(schema: S, parameters: FormData): Result<z.infer<S>, ApiError> {
  const parsed = schema.safeParse(parameters, { reportInput: true });
  return parsed.success ? ok(parsed.data) : err(refusalOf(parsed.error));
}

function refusalOf(error: z.core.$ZodError): ApiError {
  const issue = error.issues[0];
  const param = bracketed(issue?.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? []));
  if (issue?.code === "unrecognized_keys") {
    return invalidRequest(400, "parameter_unknown", `Received unknown parameter: ${param}`, param);
  }
  if (issue?.code === "invalid_type" && issue.input === undefined) {
    return invalidRequest(400, "parameter_missing", `Missing required param: ${param}.`, param);
  }
  const code = issue !== undefined && /^[a-z_]+$/.test(issue.message) ? issue.message : null;
  return invalidRequest(
    400,
    code,
    `Invalid ${param}: ${code === null ? (issue?.message ?? "") : code.replaceAll("_", " ")}.`,
    param,
  );
}

/** `["metadata", "order_id"]` → `metadata[order_id]`. */
function bracketed(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join("");
}
