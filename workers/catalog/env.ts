/** Bindings of the catalog worker and its configuration, checked once at start. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import type { ImportRun } from "../../durable-objects/import-run/index.ts";
import type { InventoryApi } from "../inventory/contract.ts";
import { parseConfiguration } from "../shared/configuration.ts";
import { CurrencyCode } from "../shared/money.ts";

export interface Env {
  readonly DATABASE: D1Database;
  /** Uploaded files, until their import has ended. */
  readonly IMPORTS: R2Bucket;
  readonly IMPORT_RUN: DurableObjectNamespace<ImportRun>;
  readonly INVENTORY: InventoryApi;
  /** What prices are in unless a request says otherwise. */
  readonly SHOP_CURRENCY: string;
}

const Configuration = z.object({ SHOP_CURRENCY: CurrencyCode });

export const configuration = parseConfiguration("catalog", Configuration, env);
