/** The crash points fit the code as it is now: when code moves, this says so in a moment, not the suite that kills. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../../scripts/workers.ts";
import { CRASH_PATCHES } from "../../faults/served/crash-patches.ts";

describe("the crash points", () => {
  it.each(CRASH_PATCHES.map(({ file, find }) => [file, find] as const))("fit %s in one place: %s", (file, find) => {
    expect(readFileSync(join(ROOT, file), "utf8").split(find)).toHaveLength(2);
  });
});
