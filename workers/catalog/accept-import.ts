/**
 * Takes an uploaded CSV into R2 as it arrives, decompressed on the way and never whole in memory, and refuses at once what
 * can be seen in its first kilobytes. The rows are the ImportRun object's work.
 */

import type { ImportPosition } from "../../durable-objects/import-run/collect-step.ts";
import { readColumns } from "../../durable-objects/import-run/csv-columns.ts";
import { CsvReader, type CsvRecord } from "../../durable-objects/import-run/csv-reader.ts";
import { type Problem, ProblemError } from "../shared/problem.ts";

export const IMPORT_BYTES_MAX = 200 * 1024 * 1024;
/** R2 takes parts of at least 5 MiB, all of one size but the last. */
const PART_BYTES = 8 * 1024 * 1024;
const BOM = [0xef, 0xbb, 0xbf] as const;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

export interface AcceptedFile {
  readonly sizeBytes: number;
  readonly header: readonly string[];
  readonly firstRow: ImportPosition;
}

/** @throws ProblemError 400 for a body that is no CSV, 413 when it is too large, 422 with `errors` for a wrong header. */
export async function acceptImport(bucket: R2Bucket, key: string, body: ReadableStream<Uint8Array>): Promise<AcceptedFile> {
  const parts = partsOf(limited(await decompressed(body)));
  const first = (await parts.next()).value ?? new Uint8Array(0);
  const head = readHeader(first);
  if (first.length < PART_BYTES) {
    await bucket.put(key, first);
    return { ...head, sizeBytes: first.length };
  }
  const upload = await bucket.createMultipartUpload(key);
  try {
    const uploaded = [await upload.uploadPart(1, first)];
    let sizeBytes = first.length;
    for await (const part of parts) {
      uploaded.push(await upload.uploadPart(uploaded.length + 1, part));
      sizeBytes += part.length;
    }
    await upload.complete(uploaded);
    return { ...head, sizeBytes };
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

/** What the first bytes say counts, not the headers: both kinds of declaration are often wrong. */
async function decompressed(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  let start = new Uint8Array(0);
  for (let ended = false; start.length < GZIP_MAGIC.length && !ended; ) {
    const { value, done } = await reader.read();
    ended = done;
    if (value !== undefined) start = Uint8Array.from([...start, ...value]);
  }
  const whole = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(start),
    pull: async (controller) => {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const zipped = GZIP_MAGIC.every((byte, index) => start[index] === byte);
  return zipped ? whole.pipeThrough(new DecompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>) : whole;
}

async function* limited(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let sizeBytes = 0;
  try {
    for (;;) {
      const { value, done } = await readOr400(reader);
      if (done) return;
      sizeBytes += value.length;
      if (sizeBytes > IMPORT_BYTES_MAX) throw new ProblemError(TOO_LARGE);
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function readOr400(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new ProblemError({ status: 400, code: "malformed_body", detail: "The file cannot be read: broken gzip, or cut off." });
  }
}

const TOO_LARGE: Problem = {
  status: 413,
  code: "body_too_large",
  detail: `The file is larger than ${IMPORT_BYTES_MAX / 1024 / 1024} MB uncompressed. Split it.`,
};

/** Buffers of `PART_BYTES`, the last one shorter. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const slice = chunk.subarray(from, from + PART_BYTES - filled);
      part.set(slice, filled);
      filled += slice.length;
      from += slice.length;
      if (filled < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function readHeader(first: Uint8Array): Pick<AcceptedFile, "header" | "firstRow"> {
  const start = BOM.every((byte, index) => first[index] === byte) ? BOM.length : 0;
  const reader = new CsvReader(start);
  const records = reader.push(first.subarray(start, start + 1024 * 1024));
  const record = records[0] ?? reader.finish()[0];
  const cells = record === undefined ? [] : headerCells(record);
  const columns = readColumns(cells);
  if (record !== undefined && record.problem === null && columns.ok) {
    return { header: cells, firstRow: { offset: record.endOffset, row: 2 } };
  }
  throw new ProblemError({
    status: 422,
    code: "invalid_header",
    detail: "The first line must name the columns, as Shopify's product CSV does; see `errors`.",
    errors: columns.ok ? [{ path: "header", message: "cannot be read" }] : columns.error.errors,
  });
}

function headerCells(record: CsvRecord): string[] {
  return Array.from({ length: record.length }, (_, column) => record.text(column) ?? "");
}
