/** One SKU's books for the audit: what the tables say beside what the journal adds up to. Reads only. */
import type { MovementKind } from "../../queues/contracts/stock-events.ts";
import type { StockAccount } from "../../workers/inventory/contract.ts";

type HoldRow = {
  id: string;
  state: "held" | "committed" | "released" | "expired";
  quantity: number;
  expires_at_ms: number;
  resolutions: number;
};

/** Holding moves nothing on hand; everything else does, and only a commit takes away what is not signed itself. */
const LOCATIONS = `
  SELECT stock.location AS location, on_hand AS onHand, held AS held, coalesce(sum(CASE movements.kind
      WHEN 'opened' THEN quantity WHEN 'received' THEN quantity WHEN 'adjusted' THEN quantity WHEN 'restocked' THEN quantity
      WHEN 'committed' THEN -quantity ELSE 0 END), 0) AS journalOnHand, count(movements.sequence) > 0 AS moved
  FROM stock LEFT JOIN movements ON movements.location = stock.location
  GROUP BY stock.location ORDER BY stock.location`;

/** A hold that was put back has sold nothing: to the outside it is released. */
const HOLDS = `
  SELECT id, CASE put_back WHEN 1 THEN 'released' ELSE state END AS state, quantity, expires_at_ms,
    (SELECT count(*) FROM movements WHERE reference = holds.id AND resolves_hold = 1) AS resolutions
  FROM holds ORDER BY id`;

const JOURNAL = `
  SELECT date(at_ms / 1000, 'unixepoch') AS day, kind, count(*) AS movements, sum(quantity) AS quantity
  FROM movements GROUP BY day, kind ORDER BY day, kind`;

type LocationRow = { location: string; onHand: number; held: number; journalOnHand: number; moved: number };
type JournalRow = { day: string; kind: MovementKind; movements: number; quantity: number };

export function readAccount(sql: SqlStorage): StockAccount {
  const account = sql.exec<{ sku: string; backordered: number }>("SELECT sku, backordered FROM account").one();
  const journal = sql
    .exec<{ sequence: number; rows: number }>("SELECT coalesce(max(sequence), 0) AS sequence, count(*) AS rows FROM movements")
    .one();
  const [newest] = sql
    .exec<{ available: number; movedAtMs: number }>(
      "SELECT available_after AS available, at_ms AS movedAtMs FROM movements ORDER BY sequence DESC LIMIT 1",
    )
    .toArray();
  return {
    sku: account.sku,
    sequence: journal.sequence,
    locations: sql
      .exec<LocationRow>(LOCATIONS)
      .toArray()
      .map((row) => ({ ...row, moved: row.moved === 1 })),
    backordered: account.backordered,
    available: newest?.available ?? 0,
    movedAtMs: newest?.movedAtMs ?? 0,
    journal: sql.exec<JournalRow>(JOURNAL).toArray(),
    holds: sql
      .exec<HoldRow>(HOLDS)
      .toArray()
      .map((row) => ({
        holdId: row.id,
        state: row.state,
        quantity: row.quantity,
        expiresAtMs: row.expires_at_ms,
        resolutions: row.resolutions,
      })),
    // Sequences are primary keys from 1 up: as many rows as the highest sequence means that none is missing.
    gapless: journal.sequence === journal.rows,
  };
}
