/** Keeps the list of imports in D1: a projection, so that operators see all of them without waking their objects. */
import type { ImportRunState } from "./run-store.ts";

export function recordImport(database: D1Database, run: ImportRunState): D1PreparedStatement {
  return database
    .prepare(
      `INSERT INTO imports (id, status, size_bytes, row_count, product_count, accepted_count, refused_count, created_at_ms, updated_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, row_count = excluded.row_count,
         product_count = excluded.product_count, accepted_count = excluded.accepted_count,
         refused_count = excluded.refused_count, updated_at_ms = excluded.updated_at_ms
       WHERE excluded.updated_at_ms >= imports.updated_at_ms`,
    )
    .bind(
      run.id,
      run.status,
      run.sizeBytes,
      run.rows,
      run.products,
      run.accepted,
      run.refusedCount,
      run.createdAtMs,
      run.updatedAtMs,
    );
}
