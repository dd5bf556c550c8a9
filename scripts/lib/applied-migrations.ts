/**
 * Which migrations a local database has, read from its file by Node: in a hundredth of the time that a runtime takes to
 * start and ask. It follows how workerd names the file of an object; what is not found there must be asked for.
 */
import { createHash, createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Miniflare keeps each D1 in an object of this namespace, named by the database's id. */
const NAMESPACE = "miniflare-D1DatabaseObject";
const ID_PART_BYTES = 16;

/** As `idFromName` makes it: half a hash of the name, half a signature of that half. */
function objectId(name: string): string {
  const key = createHash("sha256").update(NAMESPACE).digest();
  const part = (content: string | Buffer) => createHmac("sha256", key).update(content).digest().subarray(0, ID_PART_BYTES);
  const named = part(name);
  return Buffer.concat([named, part(named)]).toString("hex");
}

/** @returns the names of the applied migrations; null when the file cannot tell. */
export function appliedMigrations(persistence: string, databaseId: string): ReadonlySet<string> | null {
  const file = join(persistence, "d1", NAMESPACE, `${objectId(databaseId)}.sqlite`);
  if (!existsSync(file)) return null;
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const rows = database.prepare("SELECT name FROM d1_migrations").all();
      return new Set(rows.map(({ name }) => String(name)));
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}
