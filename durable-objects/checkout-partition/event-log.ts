/**
 * The partition's log: events numbered without gaps, appended in the transaction of what they tell, and how far they are
 * published.
 */
import type { OrderEvent } from "../../queues/contracts/order-events.ts";
import { type EventDraft, sealEvent } from "./order-facts.ts";

/** What the log is to whoever uses it. */
export type OrderLog = Pick<EventLog, keyof EventLog>;

export class EventLog {
  readonly #sql: SqlStorage;
  readonly #partition: string;
  /** Of the log, and of it what is published; null: not read yet. Nobody else writes them. */
  #lastSequence: number | null = null;
  #publishedSequence: number | null = null;
  /** The cursor in memory is ahead of its row. */
  #isPublishedUnsaved = false;

  constructor(sql: SqlStorage, partition: string) {
    this.#sql = sql;
    this.#partition = partition;
  }

  append(drafts: readonly EventDraft[], nowMs: number, traceparent: string): void {
    let sequence = this.lastSequence();
    for (const draft of drafts) {
      sequence += 1;
      const event = sealEvent(draft, { partition: this.#partition, sequence, nowMs, traceparent });
      this.#sql.exec("INSERT INTO events (sequence, body) VALUES (?, ?)", sequence, JSON.stringify(event));
      this.#lastSequence = sequence;
    }
    this.savePublished();
  }

  read(afterSequence: number, limit: number): OrderEvent[] {
    return this.#sql
      .exec<{ body: string }>("SELECT body FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?", afterSequence, limit)
      .toArray()
      .map((row) => JSON.parse(row.body) as OrderEvent);
  }

  lastSequence(): number {
    this.#lastSequence ??= this.#first("SELECT max(sequence) AS value FROM events");
    return this.#lastSequence;
  }

  publishedSequence(): number {
    this.#publishedSequence ??= this.#first("SELECT published_sequence AS value FROM partition_state");
    return this.#publishedSequence;
  }

  /** Moves the cursor in memory; its row follows with the next events or by `savePublished`. Lost, they are sent again. */
  setPublished(sequence: number): void {
    if (sequence <= this.publishedSequence()) return;
    this.#publishedSequence = sequence;
    this.#isPublishedUnsaved = true;
  }

  savePublished(): void {
    if (!this.#isPublishedUnsaved) return;
    this.#sql.exec("UPDATE partition_state SET published_sequence = ?", this.publishedSequence());
    this.#isPublishedUnsaved = false;
  }

  /** A transaction was undone: the tables know better. */
  forget(): void {
    this.#lastSequence = this.#publishedSequence = null;
    this.#isPublishedUnsaved = false;
  }

  #first(query: string): number {
    for (const { value } of this.#sql.exec<{ value: number | null }>(query)) return value ?? 0;
    return 0;
  }
}
