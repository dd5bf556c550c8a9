/** The run's SQLite: where it stands, the parts of the person, and the archive. Callers group writes in `transaction`. */
import type { Person, PersonPage } from "../../workers/shared/privacy.ts";
import type { ArchiveRecord } from "./contract.ts";
import { type OwnerName, ownerName } from "./env.ts";
import type { PrivacyRunState } from "./run-state.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL CHECK (json_valid(state)),
  -- When the archive, and then the run itself, is forgotten; null while it is under way.
  forget_at_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS parts (
  number INTEGER PRIMARY KEY,
  person TEXT NOT NULL CHECK (json_valid(person))
) STRICT;
CREATE TABLE IF NOT EXISTS archive (
  service TEXT NOT NULL,
  section TEXT NOT NULL,
  number INTEGER NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  PRIMARY KEY (service, section, number)
) STRICT`;

/** Characters of one answer, after which no other record is added: an RPC carries 32 MiB. */
const ANSWER_CHARACTERS = 2_000_000;
const ANSWER_RECORDS_MAX = 50;

/** What a run needs of a storage: an object's, or a test's. */
export type RunStorage = Pick<DurableObjectStorage, "transactionSync"> & { readonly sql: Pick<SqlStorage, "exec"> };

export class RunStore {
  readonly #storage: RunStorage;

  constructor(storage: RunStorage) {
    this.#storage = storage;
    for (const statement of SCHEMA.split(";\n")) this.#write(statement);
  }

  transaction<T>(work: () => T): T {
    return this.#storage.transactionSync(work);
  }

  readRun(): PrivacyRunState | undefined {
    const [row] = this.#all<{ state: string }>("SELECT state FROM run");
    return row === undefined ? undefined : (JSON.parse(row.state) as PrivacyRunState);
  }

  writeRun(run: PrivacyRunState): void {
    const forgetAtMs = this.forgetAtMs();
    this.#write("INSERT OR REPLACE INTO run (id, state, forget_at_ms) VALUES (1, ?, ?)", JSON.stringify(run), forgetAtMs);
  }

  forgetAtMs(): number | null {
    return this.#all<{ at: number | null }>("SELECT forget_at_ms AS at FROM run")[0]?.at ?? null;
  }

  forgetAt(atMs: number): void {
    this.#write("UPDATE run SET forget_at_ms = ?", atMs);
  }

  setParts(parts: readonly Person[]): void {
    this.clearParts();
    for (const part of parts) this.addPart(part);
  }

  addPart(part: Person): void {
    this.#write("INSERT INTO parts (number, person) VALUES (?, ?)", this.countParts(), JSON.stringify(part));
  }

  readPart(number: number): Person | undefined {
    const [row] = this.#all<{ person: string }>("SELECT person FROM parts WHERE number = ?", number);
    return row === undefined ? undefined : (JSON.parse(row.person) as Person);
  }

  countParts(): number {
    return this.#all<{ count: number }>("SELECT count(*) AS count FROM parts")[0]?.count ?? 0;
  }

  /** Ids that an earlier archive may have been asked for by. */
  subjects(): string[] {
    return this.#all<{ person: string }>("SELECT person FROM parts").flatMap(({ person }) => {
      const { customerId, orderIds } = JSON.parse(person) as Person;
      return customerId === null ? orderIds : [customerId, ...orderIds];
    });
  }

  clearParts(): void {
    this.#write("DELETE FROM parts");
  }

  /** @param owner whose answer it is */
  addToArchive(owner: OwnerName, page: PersonPage): void {
    const service = ownerName(owner);
    for (const { name, records } of page.sections) {
      const [last] = this.#all<{ number: number | null }>(
        "SELECT max(number) AS number FROM archive WHERE service = ? AND section = ?",
        service,
        name,
      );
      let number = last?.number ?? 0;
      for (const record of records) {
        number += 1;
        this.#write("INSERT INTO archive VALUES (?, ?, ?, ?)", service, name, number, JSON.stringify(record));
      }
    }
  }

  readArchive(after: Pick<ArchiveRecord, "service" | "section" | "number">): ArchiveRecord[] {
    const records: ArchiveRecord[] = [];
    let characters = 0;
    const rows = this.#all<{ service: string; section: string; number: number; record: string }>(
      `SELECT service, section, number, record FROM archive WHERE (service, section, number) > (?, ?, ?)
       ORDER BY service, section, number LIMIT ${ANSWER_RECORDS_MAX}`,
      after.service,
      after.section,
      after.number,
    );
    for (const row of rows) {
      characters += row.record.length;
      if (records.length > 0 && characters > ANSWER_CHARACTERS) break;
      records.push(row);
    }
    return records;
  }

  clearArchive(): void {
    this.#write("DELETE FROM archive");
  }

  #all<R extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]): R[] {
    return this.#storage.sql.exec<R>(query, ...bindings).toArray();
  }

  #write(query: string, ...bindings: unknown[]): void {
    this.#storage.sql.exec(query, ...bindings).toArray();
  }
}
