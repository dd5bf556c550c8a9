/** Reads and writes the account's tables. Writes run inside the caller's transaction. */
import type { EpochMs } from "../../workers/shared/clock.ts";
import type { SandboxFaults } from "./contract.ts";
import type { EventRecord, EventType, IntentRecord, RefundRecord } from "./records.ts";
import { CREATE_TABLES } from "./schema.ts";

export interface StoredReply {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
}

export interface Delivery {
  readonly event: EventRecord;
  readonly attempts: number;
}

/** A list's rows between two ids, newest first. Bounds are exclusive; null: open. */
export interface IdRange {
  readonly before: string | null;
  readonly after: string | null;
  readonly limit: number;
  /** From the bound `after` upwards instead of from `before` downwards. */
  readonly ascending: boolean;
}

/** Sorts behind every id. */
const LAST_ID = "~";

export class AccountStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec(CREATE_TABLES);
  }

  intent(id: string): IntentRecord | undefined {
    return this.#records<IntentRecord>("SELECT record FROM intents WHERE id = ?", id)[0];
  }

  intentBetween(from: string, to: string): IntentRecord | undefined {
    return this.#records<IntentRecord>("SELECT record FROM intents WHERE id >= ? AND id < ?", from, to)[0];
  }

  intents(range: IdRange): IntentRecord[] {
    return this.#page<IntentRecord>("intents", range);
  }

  /** Newest first, older than `before`. */
  intentsWithMetadata(key: string, value: string, before: string | null, limit: number): IntentRecord[] {
    return this.#records<IntentRecord>(
      `SELECT i.record FROM intent_metadata AS m JOIN intents AS i ON i.id = m.intent_id
       WHERE m.key = ? AND m.value = ? AND m.intent_id < ? ORDER BY m.intent_id DESC LIMIT ?`,
      key,
      value,
      before ?? LAST_ID,
      limit,
    );
  }

  saveIntent(before: IntentRecord | undefined, after: IntentRecord, json: string): void {
    this.#sql.exec(
      "INSERT INTO intents (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",
      after.id,
      json,
    );
    if (before?.metadata === after.metadata) return;
    if (before !== undefined) {
      for (const [key, value] of Object.entries(before.metadata)) {
        this.#sql.exec("DELETE FROM intent_metadata WHERE key = ? AND value = ? AND intent_id = ?", key, value, after.id);
      }
    }
    for (const [key, value] of Object.entries(after.metadata)) {
      this.#sql.exec("INSERT INTO intent_metadata (key, value, intent_id) VALUES (?, ?, ?)", key, value, after.id);
    }
  }

  refund(id: string): RefundRecord | undefined {
    return this.#records<RefundRecord>("SELECT record FROM refunds WHERE id = ?", id)[0];
  }

  refunds(range: IdRange): RefundRecord[] {
    return this.#page<RefundRecord>("refunds", range);
  }

  refundsOf(intentId: string): RefundRecord[] {
    return this.#records<RefundRecord>("SELECT record FROM refunds WHERE intent_id = ? ORDER BY id DESC", intentId);
  }

  saveRefund(refund: RefundRecord): void {
    this.#sql.exec(
      "INSERT INTO refunds (id, intent_id, record) VALUES (?, ?, ?)",
      refund.id,
      refund.intentId,
      JSON.stringify(refund),
    );
  }

  /** @param json of the event's payment, which is written anyway. @param dueMs when to send it; null: never. */
  addEvent(event: EventRecord, json: string, dueMs: EpochMs | null): void {
    this.#sql.exec(
      "INSERT INTO events (id, type, request_id, idempotency_key, created_ms, record) VALUES (?, ?, ?, ?, ?, ?)",
      event.id,
      event.type,
      event.requestId,
      event.idempotencyKey,
      event.createdMs,
      json,
    );
    if (dueMs !== null) this.#sql.exec("INSERT INTO deliveries (event_id, attempts, due_ms) VALUES (?, 0, ?)", event.id, dueMs);
  }

  event(id: string): EventRecord | undefined {
    return this.#events("SELECT * FROM events WHERE id = ?", id)[0];
  }

  events(range: IdRange, type: string | null): EventRecord[] {
    return this.#events(
      `SELECT * FROM events WHERE id < ? AND id > ? AND (?3 IS NULL OR type = ?3)
       ORDER BY id ${range.ascending ? "ASC" : "DESC"} LIMIT ?4`,
      range.before ?? LAST_ID,
      range.after ?? "",
      type,
      range.limit,
    );
  }

  pendingWebhooks(eventId: string): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM deliveries WHERE event_id = ?", eventId).one().n;
  }

  dueDeliveries(nowMs: EpochMs, limit: number): Delivery[] {
    const due = this.#sql
      .exec<{ event_id: string; attempts: number }>(
        "SELECT event_id, attempts FROM deliveries WHERE due_ms <= ? ORDER BY event_id LIMIT ?",
        nowMs,
        limit,
      )
      .toArray();
    return due.flatMap(({ event_id: id, attempts }) => {
      const event = this.event(id);
      return event === undefined ? [] : [{ event, attempts }];
    });
  }

  nextDeliveryMs(): EpochMs | null {
    return this.#sql.exec<{ due: number | null }>("SELECT min(due_ms) AS due FROM deliveries").one().due;
  }

  endDelivery(eventId: string): void {
    this.#sql.exec("DELETE FROM deliveries WHERE event_id = ?", eventId);
  }

  postponeDelivery(eventId: string, attempts: number, dueMs: EpochMs): void {
    this.#sql.exec("UPDATE deliveries SET attempts = ?, due_ms = ? WHERE event_id = ?", attempts, dueMs, eventId);
  }

  reply(key: string, notBeforeMs: EpochMs): StoredReply | undefined {
    return this.#sql
      .exec<{ fingerprint: string; status: number; body: string; requestId: string }>(
        `SELECT fingerprint, status, body, request_id AS requestId FROM idempotency_keys WHERE key = ? AND created_ms > ?`,
        key,
        notBeforeMs,
      )
      .toArray()[0];
  }

  saveReply(key: string, reply: StoredReply, nowMs: EpochMs): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, status, body, request_id, created_ms) VALUES (?, ?, ?, ?, ?, ?)",
      key,
      reply.fingerprint,
      reply.status,
      reply.body,
      reply.requestId,
      nowMs,
    );
  }

  /** Rows are in the order of writing, so that the oldest need no index; as long as the first one is kept, nothing else is read. */
  forgetReplies(notAfterMs: EpochMs, limit: number): void {
    const [oldest] = this.#sql
      .exec<{ created_ms: number }>("SELECT created_ms FROM idempotency_keys ORDER BY rowid LIMIT 1")
      .toArray();
    if (oldest === undefined || oldest.created_ms > notAfterMs) return;
    this.#sql.exec(
      `DELETE FROM idempotency_keys WHERE rowid IN (SELECT rowid FROM idempotency_keys ORDER BY rowid LIMIT ?) AND created_ms <= ?`,
      limit,
      notAfterMs,
    );
  }

  faults(): SandboxFaults {
    const row = this.#sql.exec<{ settings: string }>("SELECT settings FROM faults").toArray()[0];
    return row === undefined ? {} : (JSON.parse(row.settings) as SandboxFaults);
  }

  saveFaults(faults: SandboxFaults): void {
    this.#sql.exec("INSERT OR REPLACE INTO faults (id, settings) VALUES (1, ?)", JSON.stringify(faults));
  }

  #page<T>(table: "intents" | "refunds", range: IdRange): T[] {
    return this.#records<T>(
      `SELECT record FROM ${table} WHERE id < ? AND id > ? ORDER BY id ${range.ascending ? "ASC" : "DESC"} LIMIT ?`,
      range.before ?? LAST_ID,
      range.after ?? "",
      range.limit,
    );
  }

  /** Our own documents: written by `JSON.stringify` of the same type. */
  #records<T>(query: string, ...bindings: (string | number)[]): T[] {
    return this.#sql
      .exec<{ record: string }>(query, ...bindings)
      .toArray()
      .map((row) => JSON.parse(row.record) as T);
  }

  #events(query: string, ...bindings: (string | number | null)[]): EventRecord[] {
    return this.#sql
      .exec<{
        id: string;
        type: EventType;
        request_id: string | null;
        idempotency_key: string | null;
        created_ms: number;
        record: string;
      }>(query, ...bindings)
      .toArray()
      .map((row) => ({
        id: row.id,
        type: row.type,
        createdMs: row.created_ms,
        requestId: row.request_id,
        idempotencyKey: row.idempotency_key,
        intent: JSON.parse(row.record) as IntentRecord,
      }));
  }
}
