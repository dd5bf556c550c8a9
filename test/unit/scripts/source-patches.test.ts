/** Patched builds: the patch is in them, it fits or nothing is built, and no other build ever has it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { bundleWorker } from "../../../scripts/bundle-workers.ts";
import { patchSource, type SourcePatch, viteSourcePatches } from "../../../scripts/lib/source-patches.ts";
import { ROOT } from "../../../scripts/workers.ts";
import { SEEDED_BUGS, seededPatches } from "../../faults/seeded-bugs.ts";

const SANDBOX = "workers/payment-sandbox/wrangler.toml";
const MARK = "changed by a source patch";
const PATCH: SourcePatch = {
  file: "workers/payment-sandbox/index.ts",
  find: "export default class",
  replace: `console.log("${MARK}");\nexport default class`,
};

async function textOf(config: string, patches: readonly SourcePatch[] = []): Promise<string> {
  const { options } = await bundleWorker(config, {}, { patches });
  return JSON.stringify((options as { modules: readonly { contents: unknown }[] }).modules[0]?.contents);
}

describe("a source patch", () => {
  it("changes the one place that it names, and other files not at all", () => {
    const patches = [{ file: "a.ts", find: "b", replace: "$&x" }];
    expect(patchSource("a.ts", "abc", patches)).toBe("a$&xc");
    expect(patchSource("b.ts", "abc", patches)).toBe("abc");
  });

  it.each([
    ["is not there", "xyz", "not 0"],
    ["is there twice", "abcb", "not 2"],
  ])("whose place %s fails the build and says so", (_what, source, places) => {
    expect(() => patchSource("a.ts", source, [{ file: "a.ts", find: "b", replace: "" }])).toThrow(places);
  });

  it("that does not fit stops vitest and bundles before anything runs", async () => {
    const stale = [{ ...PATCH, find: "a line that was changed since" }];
    expect(() => viteSourcePatches(stale)).toThrow(/must fit workers\/payment-sandbox\/index\.ts in one place, not 0/);
    await expect(bundleWorker(SANDBOX, {}, { patches: stale })).rejects.toThrow(/in one place, not 0/);
  });

  it("is in the bundle that was asked for with it and in no other, also not in a later one", async () => {
    vi.stubEnv("HOLDFAST_SEEDED_BUG", SEEDED_BUGS[0]?.name);
    try {
      expect((await textOf(SANDBOX)).includes(MARK)).toBe(false);
      expect((await textOf(SANDBOX, [PATCH])).includes(MARK)).toBe(true);
      expect((await textOf(SANDBOX)).includes(MARK)).toBe(false);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("the seeded bugs", () => {
  it("have names of their own and fit the code as it is", () => {
    expect(new Set(SEEDED_BUGS.map(({ name }) => name)).size).toBe(SEEDED_BUGS.length);
    for (const bug of SEEDED_BUGS) expect(() => viteSourcePatches(bug.patches), bug.name).not.toThrow();
  });

  it("change production code only, and name a test file that exists", () => {
    for (const { name, patches, caughtBy } of SEEDED_BUGS) {
      for (const { file } of patches) expect(file, name).toMatch(/^(?:workers|durable-objects|queues)\//);
      expect(readFileSync(join(ROOT, caughtBy.file), "utf8"), name).toContain("it");
    }
  });

  it("are chosen by name, and a name that is none is refused", () => {
    expect(seededPatches({})).toEqual([]);
    expect(seededPatches({ HOLDFAST_SEEDED_BUG: "no-tombstone" })).toHaveLength(1);
    expect(() => seededPatches({ HOLDFAST_SEEDED_BUG: "no-such-bug" })).toThrow("no-such-bug");
  });
});
