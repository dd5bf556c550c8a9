/** What stock refusals look like over HTTP: one exhaustive switch. Pure. */
import type { AdjustStockError, Unopened } from "../../durable-objects/sku-stock/contract.ts";
import { type Problem, ProblemError } from "../shared/problem.ts";
import type { UnknownSku } from "./touch-stock.ts";

export type StockRefusal = Exclude<AdjustStockError, Unopened> | UnknownSku;

export function stockProblem(sku: string, error: StockRefusal): Problem {
  switch (error.code) {
    case "unknown_sku":
      return {
        status: 404,
        code: "unknown_sku",
        detail: `No stock is kept for ${sku}. Import it or create its product first.`,
      };
    case "insufficient_stock":
      return {
        status: 409,
        code: "insufficient_stock",
        detail: `Only ${error.available} units are there and not promised to orders.`,
        extensions: { available: error.available },
      };
    case "reused":
      return {
        status: 422,
        code: "idempotency_key_reused",
        detail: "This Idempotency-Key was used with another body. Use a new key for a new request.",
      };
  }
}

export function unknownSku(sku: string): ProblemError {
  return new ProblemError(stockProblem(sku, { code: "unknown_sku" }));
}
