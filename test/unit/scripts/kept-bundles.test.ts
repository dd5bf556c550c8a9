/** Bundles that are kept: used while nothing that went into them has changed, made anew otherwise. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keptBundle } from "../../../scripts/lib/kept-bundles.ts";

let folder: string;
let source: string;
let made: number;
const LONG_AGO = new Date("2026-01-01");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-bundles-"));
  source = join(folder, "source.ts");
  write("export default 1;", LONG_AGO);
  made = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string, at: Date): void {
  writeFileSync(source, text);
  utimesSync(source, at, at);
}

const kept = join("kept", "bundles");
const make = async () => {
  made += 1;
  return { text: `bundle ${made}`, wasm: new Map([["./0.wasm", new Uint8Array([0, 97, 115, 109])]]), inputs: [source] };
};
const ask = async (about: unknown = "worker") => await keptBundle(about, make, join(folder, kept));

describe("a kept bundle", () => {
  it("is made once, and read back byte for byte", async () => {
    expect((await ask()).text).toBe("bundle 1");
    const again = await ask();
    expect([again.text, ...(again.wasm.get("./0.wasm") ?? [])]).toEqual(["bundle 1", 0, 97, 115, 109]);
    expect((await ask("another worker")).text).toBe("bundle 2");
  });

  it("is made anew when a file of it has another time or size, or is gone", async () => {
    await ask();
    write("export default 2;", new Date("2026-01-02"));
    expect((await ask()).text).toBe("bundle 2");
    write("export default 12;", new Date("2026-01-02"));
    expect((await ask()).text).toBe("bundle 3");
    rmSync(source);
    await expect(ask()).rejects.toThrow(/ENOENT/);
  });

  it("is not kept when a file of it was written while it was made", async () => {
    write("export default 1;", new Date(Date.now() + 1_000));
    expect((await ask()).text).toBe("bundle 1");
    expect((await ask()).text).toBe("bundle 2");
  });

  it("that is broken is made anew", async () => {
    await ask();
    for (const name of readdirSync(join(folder, kept))) writeFileSync(join(folder, kept, name), "{");
    expect((await ask()).text).toBe("bundle 2");
  });
});
