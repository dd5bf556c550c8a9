/**
 * Reads and writes the tables of one SkuStock object. Writes run inside the caller's transaction. What every command needs
 * (the account, the end of the journal) is kept in memory from the first read on: nothing else writes these tables.
 */
import type { Movement, Opening } from "./contract.ts";
import type { MoveKind } from "./decide-movement.ts";
import { CREATE_TABLES } from "./schema.ts";
import { compareLocations } from "./stock-draft.ts";
import type { Balance, Hold, Share, StockChanges, StockState } from "./stock-state.ts";

type HoldRow = {
  id: string;
  sequence: number;
  quantity: number;
  backordered: number;
  allocation: string;
  state: Hold["state"];
  put_back: number;
  expires_at_ms: number;
};

type MovementRow = {
  sequence: number;
  at_ms: number;
  kind: Movement["kind"];
  location: string;
  quantity: number;
  reference: string;
  resolves_hold: number;
  on_hand_after: number;
  held_after: number;
  backordered_after: number;
  available_after: number;
  traceparent: string;
};

interface Account {
  readonly sku: string;
  readonly backorderable: boolean;
  readonly backordered: number;
  readonly publishedSequence: number;
}

export class StockStore {
  readonly #sql: SqlStorage;
  #opened: boolean;
  #account: Account | undefined;
  #lastSequence: number | undefined;
  /** The cursor in memory is ahead of its row. */
  #publishedUnsaved = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#opened = this.#number("SELECT count(*) AS value FROM sqlite_master WHERE type = 'table' AND name = 'account'") > 0;
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** After a roll-back: nothing in memory is to be believed, the tables may be gone again. */
  refresh(): void {
    this.#account = undefined;
    this.#lastSequence = undefined;
    this.#publishedUnsaved = false;
    this.#opened = this.#number("SELECT count(*) AS value FROM sqlite_master WHERE type = 'table' AND name = 'account'") > 0;
  }

  open(opening: Opening, changes: StockChanges): void {
    this.#sql.exec(CREATE_TABLES);
    this.#sql.exec(
      "INSERT INTO account (id, sku, backorderable, backordered, published_sequence) VALUES (1, ?, ?, 0, 0)",
      opening.sku,
      opening.backorderable ? 1 : 0,
    );
    this.#opened = true;
    this.save(changes, 0);
  }

  load(nowMs: number): StockState {
    const account = this.account();
    return {
      backorderable: account.backorderable,
      backordered: account.backordered,
      lastSequence: this.lastSequence(),
      balances: this.balances(),
      dueHolds: this.#holds("WHERE state = 'held' AND expires_at_ms <= ? ORDER BY expires_at_ms, sequence", nowMs),
      owedHolds: this.#owedHolds(),
    };
  }

  account(): Account {
    this.#account ??= this.#readAccount();
    return this.#account;
  }

  /** In the order of allocation. */
  balances(): Balance[] {
    return this.#sql
      .exec<{ location: string; onHand: number; held: number }>("SELECT location, on_hand AS onHand, held FROM stock")
      .toArray()
      .sort((left, right) => compareLocations(left.location, right.location));
  }

  lastSequence(): number {
    this.#lastSequence ??= this.#number("SELECT coalesce(max(sequence), 0) AS value FROM movements");
    return this.#lastSequence;
  }

  hold(id: string): Hold | undefined {
    return this.#holds("WHERE id = ?", id)[0];
  }

  /** When the next hold ends; undefined when none is held. */
  nextEndMs(): number | undefined {
    const row = this.#sql
      .exec<{ value: number | null }>("SELECT min(expires_at_ms) AS value FROM holds WHERE state = 'held'")
      .one();
    return row.value ?? undefined;
  }

  appliedFingerprint(kind: MoveKind, key: string): string | undefined {
    const rows = this.#sql.exec<{ fingerprint: string }>(
      "SELECT fingerprint FROM applied_keys WHERE kind = ? AND key = ?",
      kind,
      key,
    );
    return rows.toArray()[0]?.fingerprint;
  }

  rememberKey(kind: MoveKind, key: string, fingerprint: string): void {
    this.#sql.exec("INSERT INTO applied_keys (kind, key, fingerprint) VALUES (?, ?, ?)", kind, key, fingerprint);
  }

  setBackorderable(backorderable: boolean): void {
    this.#sql.exec("UPDATE account SET backorderable = ?", backorderable ? 1 : 0);
    this.#account = { ...this.account(), backorderable };
  }

  /** Moves the cursor in memory; its row follows with the next movement or by `savePublished`. Lost, it is sent again. */
  setPublished(sequence: number): void {
    this.#account = { ...this.account(), publishedSequence: sequence };
    this.#publishedUnsaved = true;
  }

  savePublished(): void {
    if (!this.#publishedUnsaved) return;
    this.#sql.exec("UPDATE account SET published_sequence = ?", this.account().publishedSequence);
    this.#publishedUnsaved = false;
  }

  save(changes: StockChanges, backorderedBefore: number): void {
    for (const { location, onHand, held } of changes.balances) {
      this.#sql.exec(
        `INSERT INTO stock (location, on_hand, held) VALUES (?, ?, ?)
         ON CONFLICT (location) DO UPDATE SET on_hand = excluded.on_hand, held = excluded.held`,
        location,
        onHand,
        held,
      );
    }
    for (const hold of changes.holds) this.#saveHold(hold);
    for (const movement of changes.movements) this.#saveMovement(movement);
    if (changes.movements.length > 0) this.savePublished();
    if (changes.backordered === backorderedBefore) return;
    this.#sql.exec("UPDATE account SET backordered = ?", changes.backordered);
    this.#account = { ...this.account(), backordered: changes.backordered };
  }

  /** Oldest first, after `afterSequence`. */
  movementsAfter(afterSequence: number, limit: number): Movement[] {
    return this.#movements("WHERE sequence > ? ORDER BY sequence LIMIT ?", afterSequence, limit);
  }

  /** Newest first, older than `beforeSequence`. */
  movementsBefore(beforeSequence: number, limit: number): Movement[] {
    return this.#movements("WHERE sequence < ? ORDER BY sequence DESC LIMIT ?", beforeSequence, limit);
  }

  #readAccount(): Account {
    const row = this.#sql
      .exec<{ sku: string; backorderable: number; backordered: number; published_sequence: number }>(
        "SELECT sku, backorderable, backordered, published_sequence FROM account",
      )
      .one();
    return {
      sku: row.sku,
      backorderable: row.backorderable === 1,
      backordered: row.backordered,
      publishedSequence: row.published_sequence,
    };
  }

  #movements(where: string, ...bindings: number[]): Movement[] {
    return this.#sql
      .exec<MovementRow>(`SELECT * FROM movements ${where}`, ...bindings)
      .toArray()
      .map(movementOf);
  }

  #holds(where: string, ...bindings: (string | number)[]): Hold[] {
    return this.#sql
      .exec<HoldRow>(`SELECT * FROM holds ${where}`, ...bindings)
      .toArray()
      .map(holdOf);
  }

  *#owedHolds(): Iterable<Hold> {
    for (const row of this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE backordered > 0 ORDER BY sequence")) yield holdOf(row);
  }

  #saveHold(hold: Hold): void {
    this.#sql.exec(
      `INSERT INTO holds (id, sequence, quantity, backordered, allocation, state, put_back, expires_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET backordered = excluded.backordered, allocation = excluded.allocation,
         state = excluded.state, put_back = excluded.put_back`,
      hold.id,
      hold.sequence,
      hold.quantity,
      hold.backordered,
      JSON.stringify(hold.allocation),
      hold.state,
      hold.putBack ? 1 : 0,
      hold.expiresAtMs,
    );
  }

  #saveMovement(movement: Movement): void {
    this.#sql.exec(
      `INSERT INTO movements (sequence, at_ms, kind, location, quantity, reference, resolves_hold,
         on_hand_after, held_after, backordered_after, available_after, traceparent)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      movement.sequence,
      movement.atMs,
      movement.kind,
      movement.location,
      movement.quantity,
      movement.reference,
      movement.resolvesHold ? 1 : 0,
      movement.onHandAfter,
      movement.heldAfter,
      movement.backorderedAfter,
      movement.availableAfter,
      movement.traceparent,
    );
    this.#lastSequence = movement.sequence;
  }

  #number(query: string): number {
    return this.#sql.exec<{ value: number }>(query).one().value;
  }
}

function holdOf(row: HoldRow): Hold {
  return {
    id: row.id,
    sequence: row.sequence,
    quantity: row.quantity,
    backordered: row.backordered,
    // Written by this object only, and checked by the table to be JSON.
    allocation: JSON.parse(row.allocation) as readonly Share[],
    state: row.state,
    putBack: row.put_back === 1,
    expiresAtMs: row.expires_at_ms,
  };
}

function movementOf(row: MovementRow): Movement {
  return {
    sequence: row.sequence,
    atMs: row.at_ms,
    kind: row.kind,
    location: row.location,
    quantity: row.quantity,
    reference: row.reference,
    resolvesHold: row.resolves_hold === 1,
    onHandAfter: row.on_hand_after,
    heldAfter: row.held_after,
    backorderedAfter: row.backordered_after,
    availableAfter: row.available_after,
    traceparent: row.traceparent,
  };
}
