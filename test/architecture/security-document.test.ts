/** The auditor's document names files and tests that exist, and each promise has both. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/workers.ts";

const text = readFileSync(join(ROOT, "docs/security.md"), "utf8");
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| promise") && !line.startsWith("| ---"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** `file` "a test", "another"; `another file` "its test". */
function proofs(cell: string): { readonly file: string; readonly test: string }[] {
  const found: { file: string; test: string }[] = [];
  let file = "";
  for (const [, path, test] of cell.matchAll(/`([^`]+)`|"([^"]+)"/g)) {
    if (path !== undefined) file = path;
    else if (test !== undefined) found.push({ file, test });
  }
  return found;
}

function sourceOf(file: string): string {
  return existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : "";
}

describe("docs/security.md", () => {
  it("says of every promise where it is kept and which test proves it", () => {
    expect(rows.length).toBeGreaterThan(20);
    const incomplete = rows.filter(
      ([, promise, kept, proved]) => !promise || !kept?.includes("`") || proofs(proved ?? "").length === 0,
    );
    expect(incomplete).toEqual([]);
  });

  it("names no file that is not there", () => {
    const files = [...text.matchAll(/`([\w.-]+\/[\w./-]+)`/g)].map(([, file = ""]) => file);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it("names no test that is not in its file", () => {
    const named = rows.flatMap(([, , , proved = ""]) => proofs(proved));
    // Names lie in the source as they are written, but for what is escaped there.
    const missing = named.filter(({ file, test }) => !sourceOf(file).replaceAll('\\"', '"').includes(test));
    expect(missing).toEqual([]);
  });
});
