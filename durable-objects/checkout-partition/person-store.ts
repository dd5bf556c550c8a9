/**
 * The partition's SQLite as far as persons are concerned: whose the carts are, and what forgetting one changes. Carts have no
 * index by person, because nothing else asks for one: they are looked through a page at a time.
 */
import { ERASED } from "../../workers/shared/privacy.ts";
import type { Cart, CartOwner } from "./contract.ts";

/** Rows that one call looks through, so that no shopper waits for it. */
const CARTS_PER_PAGE = 2_000;
const EVENTS_PER_PAGE = 5_000;
const CARTS_EXPORTED_MAX = 50;

const OF_OWNER = `
  (json_extract(body, '$.customerId') = ?2
   OR (json_extract(body, '$.customerId') IS NULL AND lower(json_extract(body, '$.email')) IN (SELECT value FROM json_each(?3))))`;

export class PersonStore {
  readonly #sql: SqlStorage;

  constructor(storage: Pick<DurableObjectStorage, "sql">) {
    this.#sql = storage.sql;
  }

  /** Those on the next page. `next` is null at the end. */
  cartsOf(owner: CartOwner, afterCartId: string): { readonly carts: readonly Cart[]; readonly next: string | null } {
    const lastId = this.#endOfPage(afterCartId);
    if (lastId === null) return { carts: [], next: null };
    const found = this.#sql
      .exec<{ id: string; body: string }>(
        `SELECT id, body FROM carts WHERE id > ?1 AND id <= ?4 AND ${OF_OWNER} ORDER BY id LIMIT ${CARTS_EXPORTED_MAX}`,
        ...bindings(owner, afterCartId, lastId),
      )
      .toArray();
    const isFull = found.length === CARTS_EXPORTED_MAX;
    return { carts: found.map((row) => JSON.parse(row.body) as Cart), next: isFull ? (found.at(-1)?.id ?? null) : lastId };
  }

  /** A cart whose order is under way is left to its order. */
  removeCartsOf(owner: CartOwner, afterCartId: string): { readonly removed: number; readonly next: string | null } {
    const lastId = this.#endOfPage(afterCartId);
    if (lastId === null) return { removed: 0, next: null };
    const found = this.#sql
      .exec<{ id: string }>(
        `SELECT id FROM carts WHERE id > ?1 AND id <= ?4 AND state != 'frozen' AND ${OF_OWNER}`,
        ...bindings(owner, afterCartId, lastId),
      )
      .toArray();
    for (const { id } of found) this.removeCart(id);
    return { removed: found.length, next: lastId };
  }

  /** With the answers that its checkouts gave. */
  removeCart(cartId: string): void {
    this.#sql.exec("DELETE FROM carts WHERE id = ?", cartId);
    this.#sql.exec("DELETE FROM checkout_keys WHERE cart_id = ?", cartId);
  }

  /**
   * The one write to an event that there is: what operators wrote in their own words is taken out of those of the orders. Place,
   * type, time and amounts stay. @returns where the next page begins; null when the log has been gone through
   */
  blankEvents(orderIds: readonly string[], afterSequence: number): number | null {
    const last = this.#sql.exec<{ last: number | null }>("SELECT max(sequence) AS last FROM events").one().last ?? 0;
    const until = Math.min(last, afterSequence + EVENTS_PER_PAGE);
    const where = `sequence > ? AND sequence <= ? AND json_extract(body, '$.subject') IN (SELECT value FROM json_each(?))`;
    const page = [afterSequence, until, JSON.stringify(orderIds)];
    this.#sql.exec(
      `UPDATE events SET body = json_set(body, '$.data.carrier', NULL, '$.data.trackingNumber', NULL)
       WHERE ${where} AND json_extract(body, '$.type') = 'order.shipped'`,
      ...page,
    );
    this.#sql.exec(
      `UPDATE events SET body = json_set(body, '$.data.reason', '${ERASED}')
       WHERE ${where} AND json_extract(body, '$.type') = 'order.cancelled'`,
      ...page,
    );
    return until < last ? until : null;
  }

  #endOfPage(afterCartId: string): string | null {
    return this.#sql
      .exec<{ last: string | null }>(
        `SELECT max(id) AS last FROM (SELECT id FROM carts WHERE id > ? ORDER BY id LIMIT ${CARTS_PER_PAGE})`,
        afterCartId,
      )
      .one().last;
  }
}

function bindings({ customerId, emails }: CartOwner, afterCartId: string, lastId: string): [string, string, string, string] {
  return [afterCartId, customerId ?? "", JSON.stringify(emails), lastId];
}
