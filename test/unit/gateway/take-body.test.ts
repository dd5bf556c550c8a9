/** Request bodies within limits small enough to test to the byte. */
import { describe, expect, it } from "vitest";
import type { BodyRule } from "../../../workers/gateway/routing-table.ts";
import { isUpload, takeRequestBody, type Upload } from "../../../workers/gateway/take-body.ts";

const UPLOAD: BodyRule = { form: "stream", maxBytes: 100 };

function chunkedRequest(...sizes: number[]): Request {
  const body = new ReadableStream({
    start(controller) {
      for (const size of sizes) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });
  const init = { method: "POST", body, duplex: "half", headers: { "content-type": "text/csv" } };
  return new Request("https://x.example/", init as RequestInit);
}

async function upload(...sizes: number[]): Promise<Upload> {
  const taken = await takeRequestBody(chunkedRequest(...sizes), UPLOAD);
  if (!isUpload(taken)) throw new Error("not an upload");
  return taken;
}

describe("takeRequestBody", () => {
  it("passes an upload of exactly the limit", async () => {
    const taken = await upload(60, 40);
    expect((await new Response(taken.stream).arrayBuffer()).byteLength).toBe(100);
    expect(taken.exceeded()).toBe(false);
  });

  it("cuts an upload that grows past the limit and says so", async () => {
    const taken = await upload(60, 40, 1);
    await expect(new Response(taken.stream).arrayBuffer()).rejects.toThrow("body_too_large");
    expect(taken.exceeded()).toBe(true);
  });

  it("stops reading a buffered body at the limit", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(50));
      },
    });
    const request = new Request("https://x.example/", { method: "POST", body: endless, duplex: "half" } as RequestInit);
    await expect(takeRequestBody(request, { form: "raw", maxBytes: 100 })).rejects.toThrow("body_too_large");
    expect(pulled).toBeLessThan(6);
  });
});
