/** Looks for words in everything that a served system has stored: every table of every database and object, row by row. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Finding {
  /** `D1-file/table`, or a file that is no database. */
  readonly place: string;
  readonly word: string;
}

/** The runtime may be writing. */
const LOCKED_MAX_MS = 10_000;

/** Beside the stores: what was sent is out of the shop's hands. */
const SENT_MAILS = "outbox";

/** Logical rows: SQLite may keep the bytes of a deleted row in a free page until it needs the page. */
export function findStoredWords(stateDirectory: string, words: readonly string[]): Finding[] {
  const files = globSync("**/*", { cwd: stateDirectory, withFileTypes: true, exclude: [SENT_MAILS] }).filter((entry) =>
    entry.isFile(),
  );
  return files.flatMap(({ parentPath, name }) => {
    const path = join(parentPath, name);
    if (name.endsWith(".sqlite")) return wordsInDatabase(path, words);
    return /\.sqlite-(?:wal|shm)$/.test(name) ? [] : wordsInText(path, readFileSync(path, "latin1"), words);
  });
}

function wordsInDatabase(path: string, words: readonly string[]): Finding[] {
  const database = new DatabaseSync(path, { readOnly: true, timeout: LOCKED_MAX_MS });
  try {
    const tables = database
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')")
      .all();
    return tables.flatMap(({ name }) => {
      const everything = database.prepare(`SELECT * FROM "${String(name)}"`);
      everything.setReadBigInts(true);
      const rows = everything.all();
      return wordsInText(`${path}/${String(name)}`, rows.map(rowText).join("\n"), words);
    });
  } finally {
    database.close();
  }
}

function rowText(row: object): string {
  return Object.values(row)
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value)))
    .join(" ");
}

function wordsInText(place: string, text: string, words: readonly string[]): Finding[] {
  const lower = text.toLowerCase();
  return words.filter((word) => lower.includes(word.toLowerCase())).map((word) => ({ place, word }));
}
