/** The catalog worker: prices for its peers by RPC, products for everyone over HTTP, imports by its object. */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import { later, within } from "../shared/later.ts";
import { ok, type Result } from "../shared/result.ts";
import { type CallContext, checkContext } from "../shared/telemetry.ts";
import { traceMethods } from "../shared/trace.ts";
import { type CatalogApi, LIST_HANDLES_MAX, type ListedHandle, QuoteQuestion, type QuoteSheet } from "./contract.ts";
import type { Env } from "./env.ts";
import { catalogVersion } from "./hot-catalog.ts";
import { listHandles } from "./list-handles.ts";
import { mirrorSoldOut } from "./mirror-sold-out.ts";
import { quoteSkus } from "./quote-skus.ts";
import { app } from "./routes.ts";

/** Caches that ask for the version then hear of stock at once, and of everything else although inventory is away. */
const MIRROR_WAIT_MS = 250;

export default class Catalog extends WorkerEntrypoint<Env> implements CatalogApi {
  override async fetch(request: Request): Promise<Response> {
    this.ctx.waitUntil(mirrorSoldOut(this.env));
    return await app.fetch(request, this.env, this.ctx);
  }

  async quote(skus: readonly string[], currency: string, context: CallContext): Promise<Result<QuoteSheet, never>> {
    checkContext(context);
    const question = QuoteQuestion.parse({ skus, currency });
    return ok(await quoteSkus(this.env.DATABASE, question.skus, question.currency));
  }

  async version(): Promise<number> {
    const mirrored = mirrorSoldOut(this.env);
    this.ctx.waitUntil(mirrored);
    await within(later, MIRROR_WAIT_MS, () => mirrored);
    return await catalogVersion(this.env.DATABASE);
  }

  async listHandles(afterHandle: string, limit: number): Promise<readonly ListedHandle[]> {
    const after = z.string().max(255).parse(afterHandle);
    return await listHandles(this.env.DATABASE, after, z.int().min(1).max(LIST_HANDLES_MAX).parse(limit));
  }
}

traceMethods(Catalog, "catalog", "service");

export { ImportRun } from "../../durable-objects/import-run/index.ts";
