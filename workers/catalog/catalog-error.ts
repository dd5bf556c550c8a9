/** Everything an operator's change can be refused for, and what each refusal is over HTTP. Pure. */
import type { Unavailable } from "../shared/call-peer.ts";
import { notFound } from "../shared/http.ts";
import { type FieldError, type Problem, ProblemError } from "../shared/problem.ts";
import type { Result } from "../shared/result.ts";

export type CatalogError =
  | { readonly code: "product_unknown" }
  | { readonly code: "variant_unknown" }
  | { readonly code: "category_unknown"; readonly handle: string }
  | { readonly code: "handle_taken"; readonly handle: string }
  | { readonly code: "sku_taken"; readonly skus: readonly string[] }
  | { readonly code: "invalid_body"; readonly errors: readonly FieldError[] }
  | { readonly code: "last_variant" }
  | { readonly code: "too_many_variants" }
  | { readonly code: "category_in_use" }
  | { readonly code: "category_loop" }
  | { readonly code: "changed_meanwhile" }
  | Unavailable;

function problemOf(error: CatalogError): Problem {
  switch (error.code) {
    case "product_unknown":
      return notFound("product").problem;
    case "variant_unknown":
      return notFound("variant").problem;
    case "category_unknown":
      return {
        status: 422,
        code: "category_unknown",
        detail: `There is no category ${error.handle}. Make it first with POST /v1/admin/categories.`,
      };
    case "handle_taken":
      return { status: 409, code: "handle_taken", detail: `The handle ${error.handle} is taken. Choose another.` };
    case "sku_taken":
      return {
        status: 409,
        code: "sku_taken",
        detail: "A SKU belongs to another variant; see `skus`.",
        extensions: { skus: error.skus },
      };
    case "invalid_body":
      return { status: 422, code: "invalid_body", detail: "The body contradicts itself; see `errors`.", errors: error.errors };
    case "last_variant":
      return { status: 409, code: "last_variant", detail: "A product keeps at least one variant. Archive the product instead." };
    case "too_many_variants":
      return { status: 409, code: "too_many_variants", detail: "The product has as many variants as one may have." };
    case "category_in_use":
      return { status: 409, code: "category_in_use", detail: "The category has categories below it. Move or delete them first." };
    case "category_loop":
      return { status: 409, code: "category_loop", detail: "The category would be below itself." };
    case "changed_meanwhile":
      return { status: 409, code: "changed_meanwhile", detail: "Somebody changed the same thing at this moment. Try again." };
    case "unavailable":
      return {
        status: 503,
        code: "inventory_unavailable",
        detail: "Stock cannot be opened right now; nothing was changed. Try again.",
        headers: { "retry-after": "1" },
      };
  }
}

/** @throws ProblemError for a refusal. */
export function unwrap<T>(result: Result<T, CatalogError>): T {
  if (result.ok) return result.value;
  throw new ProblemError(problemOf(result.error));
}

/** D1 reports a lost race for a unique key as an error of this text. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && error.message.includes("UNIQUE constraint failed");
}
