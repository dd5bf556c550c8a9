/** Every worker of the system by its config file; the first is the public one. The one list that scripts and tests use. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

export const WORKER_CONFIGS = [
  "wrangler.toml",
  "workers/identity/wrangler.toml",
  "workers/catalog/wrangler.toml",
  "workers/inventory/wrangler.toml",
  "workers/orders/wrangler.toml",
  "workers/payments/wrangler.toml",
  "workers/payment-sandbox/wrangler.toml",
  "workers/storefront/wrangler.toml",
  "workers/media/wrangler.toml",
  "workers/audit/wrangler.toml",
  "workers/privacy/wrangler.toml",
  "workers/docs/wrangler.toml",
  "queues/notifications/wrangler.toml",
  "queues/analytics/wrangler.toml",
  "queues/dead-letters/wrangler.toml",
] as const;

export function configPath(config: string): string {
  return join(ROOT, config);
}

/**
 * Partitions a region. The tomls' eight are objects on eight threads; here they share one, and what a partition does once a moment
 * (publishing, a commit, a batch of its own at each follower) would be done four times as often. Two, so that there is more than one.
 */
export const SERVED_PARTITIONS = 2;
