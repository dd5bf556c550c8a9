/**
 * Opens a socket that hears of one SKU's stock. A SKU that nobody bought yet is watched without being opened: what it has
 * comes from D1 with the request, and its object writes nothing.
 */
import { ProblemError } from "../shared/problem.ts";
import type { Env } from "./env.ts";
import { readAvailability } from "./read-availability.ts";
import { unknownSku } from "./stock-problems.ts";

/** Objects are reached by binding; the name is only for their logs. */
const FEED_URL = "https://sku-stock.internal/feed";

/** @returns 101 with the socket, or the object's refusal. @throws ProblemError 404 `unknown_sku`, 426 `upgrade_required` */
export async function watchStock(env: Env, sku: string, upgrade: string | undefined): Promise<Response> {
  if (upgrade?.toLowerCase() !== "websocket") throw upgradeRequired();
  const [level] = await readAvailability(env, [sku]);
  if (level?.known !== true) throw unknownSku(sku);
  const query = new URLSearchParams({
    sku,
    available: String(level.available),
    backorderable: String(level.backorderable),
  });
  return await env.SKU_STOCK.getByName(sku).fetch(new Request(`${FEED_URL}?${query}`, { headers: { upgrade: "websocket" } }));
}

function upgradeRequired(): ProblemError {
  return new ProblemError({
    status: 426,
    code: "upgrade_required",
    detail: "This is a WebSocket: open it with `Upgrade: websocket`, or poll GET /v1/availability.",
    headers: { upgrade: "websocket", connection: "upgrade" },
  });
}
