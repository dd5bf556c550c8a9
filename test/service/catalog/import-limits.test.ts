/** What a file may weigh, however small it is sent. */
import { expect, it } from "vitest";
import { IMPORT_BYTES_MAX } from "../../../workers/catalog/accept-import.ts";
import { bindings, fresh, upload } from "./client.ts";
import { csv, line } from "./product-csv.ts";

const BLOCK_BYTES = 8 * 1024 * 1024;

/** A gzip of one honest row and then newlines, made as it is read. */
function swollen(bytes: number): ReadableStream<Uint8Array> {
  const start = new TextEncoder().encode(csv(line({ handle: fresh("swollen"), title: "Small", sku: fresh("S"), price: "1" })));
  let left = bytes - start.length;
  const plain = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(start),
    pull(controller) {
      const size = Math.min(left, BLOCK_BYTES);
      left -= size;
      if (size > 0) controller.enqueue(new Uint8Array(size).fill(0x0a));
      if (left === 0) controller.close();
    },
  });
  return plain.pipeThrough(new CompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>);
}

it("refuses a file that grows past the limit when it is unpacked, and keeps nothing of it", async () => {
  const zipped = new Uint8Array(await new Response(swollen(IMPORT_BYTES_MAX + 1)).arrayBuffer());
  expect(zipped.length).toBeLessThan(1024 * 1024);
  expect(await upload(zipped, "application/gzip")).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  expect((await bindings.IMPORTS.list()).objects).toEqual([]);
});
