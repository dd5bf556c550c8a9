/** State directories with migrated databases: copies of one that is kept for as long as no migration changes. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localDatabases, migrateAll } from "../../scripts/lib/migrate.ts";
import { ROOT } from "../../scripts/workers.ts";

const FOLDER = join(ROOT, ".holdfast/migrated");

/** @returns a new directory; whoever asks for it removes it. */
export async function migratedState(): Promise<string> {
  const kept = join(FOLDER, hashOfMigrations());
  if (!existsSync(kept)) await keepMigrated(kept);
  const directory = await mkdtemp(join(tmpdir(), "holdfast-system-"));
  await cp(kept, directory, { recursive: true });
  return directory;
}

function hashOfMigrations(): string {
  const hash = createHash("sha256");
  for (const { id, migrationsDirectory: folder } of localDatabases()) {
    hash.update(id);
    for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function keepMigrated(kept: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const fresh = await mkdtemp(join(FOLDER, "fresh-"));
  await migrateAll(fresh);
  // Another process may have been quicker.
  await rename(fresh, kept).catch(() => rm(fresh, { recursive: true }));
}
