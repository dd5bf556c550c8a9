/** Reads a CSV file, plain or gzip, as rows of cells, with the same strict reader as the product import. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CsvReader, type CsvRecord } from "../../durable-objects/import-run/csv-reader.ts";

/** @throws when the header is not the expected one. @returns every row but the header; unreadable rows are empty. */
export async function readCsvFile(path: string, columns: readonly string[]): Promise<string[][]> {
  const file = createReadStream(path);
  const bytes = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  const reader = new CsvReader();
  const rows: string[][] = [];
  for await (const chunk of bytes) rows.push(...reader.push(chunk as Uint8Array).map(cellsOf));
  rows.push(...reader.finish().map(cellsOf));
  const header = rows.shift() ?? [];
  if (header.join() !== columns.join())
    throw new Error(`${path} must begin with the columns ${columns.join(", ")}, not ${header.join(", ")}`);
  return rows;
}

function cellsOf(record: CsvRecord): string[] {
  return Array.from({ length: record.length }, (_, column) => record.text(column) ?? "");
}
