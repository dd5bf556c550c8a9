/**
 * Keeps the catalogue's copy of which SKUs are sold out: pulls inventory's changes after the last revision applied, and
 * moves the revision in the batch that applies them. Whoever reads the catalogue drives it; nobody waits for it long. Only a
 * product that turns raises the version, and only every few seconds: a busy sale must not empty every cache with each item.
 */
import { CURRENCIES, IS_SOLD_OUT } from "../../durable-objects/import-run/listing-index.ts";
import type { InventoryApi, SoldOutChange } from "../inventory/contract.ts";
import { guarded, type PeerPolicy } from "../shared/call-peer.ts";
import { systemClock } from "../shared/clock.ts";
import { logger } from "../shared/telemetry.ts";
import { forgetHotCatalog } from "./hot-catalog.ts";

interface Mirror {
  readonly DATABASE: D1Database;
  readonly INVENTORY: Pick<InventoryApi, "readSoldOutChanges">;
}

/** Per isolate. */
const CHECK_INTERVAL_MS = 2_000;
/** Over all isolates: how often stock alone may raise the version. */
const CHANGE_INTERVAL_MS = 5_000;
const PAGE_CHANGES = 1_000;
/** One run takes at most this much; the next goes on. */
const PAGES_MAX = 20;
const POLICY: PeerPolicy = { service: "inventory", deadlineMs: 3_000, retries: 1, retryTimeouts: false };

let checkedAtMs = Number.NEGATIVE_INFINITY;

/** Never rejects: a catalogue whose copy is old still answers, and `/v1/availability` tells the truth. */
export async function mirrorSoldOut(mirror: Mirror): Promise<void> {
  const nowMs = systemClock.now();
  if (Math.abs(nowMs - checkedAtMs) < CHECK_INTERVAL_MS) return;
  checkedAtMs = nowMs;
  try {
    await followChanges(mirror, nowMs);
  } catch (error) {
    logger("catalog").warn("sold_out_mirror_late", { reason: error instanceof Error ? error.message : String(error) });
  }
}

async function followChanges({ DATABASE, INVENTORY }: Mirror, nowMs: number): Promise<void> {
  const state = await DATABASE.prepare(
    "SELECT version, stock_revision AS revision, stock_changed_at_ms AS changedAtMs FROM catalog_state WHERE id = 1",
  ).first<{ version: number; revision: number; changedAtMs: number }>();
  if (state === null || Math.abs(nowMs - state.changedAtMs) < CHANGE_INTERVAL_MS) return;
  let { revision } = state;
  for (let page = 0; page < PAGES_MAX; page++) {
    const changes = await readChanges(INVENTORY, revision);
    const last = changes.at(-1);
    if (last === undefined) return;
    const applied = await DATABASE.batch<{ version: number }>(applyStatements(DATABASE, changes, revision, last.revision, nowMs));
    const moved = applied.at(-1)?.results[0];
    if (moved !== undefined && moved.version !== state.version) forgetHotCatalog();
    if (moved === undefined || changes.length < PAGE_CHANGES) return;
    revision = last.revision;
  }
}

async function readChanges(inventory: Mirror["INVENTORY"], revision: number): Promise<readonly SoldOutChange[]> {
  return await guarded(POLICY, async () => {
    const changes = await inventory.readSoldOutChanges(revision, PAGE_CHANGES);
    const copy = changes.map((change) => ({ ...change }));
    (changes as Partial<Disposable>)[Symbol.dispose]?.();
    return copy;
  });
}

/** Another isolate that was faster has moved the revision: then none of these does anything. */
const IF_UNMOVED = "(SELECT stock_revision FROM catalog_state WHERE id = 1) = ?2";

const REMOVE = `DELETE FROM sold_out_skus WHERE sku IN (SELECT value FROM json_each(?1)) AND ${IF_UNMOVED}`;
const ADD = `INSERT OR IGNORE INTO sold_out_skus (sku) SELECT value FROM json_each(?1) WHERE ${IF_UNMOVED}`;

/** Counts the products that turn, for `changes()` in the statement after it. */
const TURN_LISTINGS = `
UPDATE listings SET sold_out = 1 - sold_out
WHERE currency IN (${CURRENCIES})
  AND row_id IN (SELECT p.row_id FROM json_each(?1) d CROSS JOIN variants v ON v.sku = d.value
    CROSS JOIN products p ON p.id = v.product_id)
  AND sold_out <> (SELECT min(${IS_SOLD_OUT}) FROM products p CROSS JOIN variants v ON v.product_id = p.id
    CROSS JOIN prices r ON r.variant_id = v.id AND r.currency = listings.currency WHERE p.row_id = listings.row_id)`;

const MOVE = `
UPDATE catalog_state SET version = version + (changes() > 0), stock_revision = ?1,
  stock_changed_at_ms = CASE WHEN changes() > 0 THEN ?3 ELSE stock_changed_at_ms END
WHERE id = 1 AND stock_revision = ?2 RETURNING version`;

function applyStatements(
  database: D1Database,
  changes: readonly SoldOutChange[],
  fromRevision: number,
  toRevision: number,
  nowMs: number,
): D1PreparedStatement[] {
  const skus = (soldOut?: boolean) =>
    JSON.stringify(changes.filter((change) => soldOut === undefined || change.soldOut === soldOut).map(({ sku }) => sku));
  return [
    database.prepare(REMOVE).bind(skus(false), fromRevision),
    database.prepare(ADD).bind(skus(true), fromRevision),
    database.prepare(TURN_LISTINGS).bind(skus()),
    database.prepare(MOVE).bind(toRevision, fromRevision, nowMs),
  ];
}
