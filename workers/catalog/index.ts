/** The catalog worker: prices for its peers by RPC, products for everyone over HTTP, imports by its object. */
import { WorkerEntrypoint } from "cloudflare:workers";
import { ok, type Result } from "../shared/result.ts";
import { CallContext } from "../shared/telemetry.ts";
import { type CatalogApi, QuoteQuestion, type QuoteSheet } from "./contract.ts";
import type { Env } from "./env.ts";
import { catalogVersion } from "./hot-catalog.ts";
import { quoteSkus } from "./quote-skus.ts";
import { app } from "./routes.ts";

export default class Catalog extends WorkerEntrypoint<Env> implements CatalogApi {
  override async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.env, this.ctx);
  }

  async quote(skus: readonly string[], currency: string, context: CallContext): Promise<Result<QuoteSheet, never>> {
    CallContext.parse(context);
    const question = QuoteQuestion.parse({ skus, currency });
    return ok(await quoteSkus(this.env.DATABASE, question.skus, question.currency));
  }

  async version(): Promise<number> {
    return await catalogVersion(this.env.DATABASE);
  }
}

export { ImportRun } from "../../durable-objects/import-run/index.ts";
