/** Every test file of the fault suites, in whichever of their folders. */
import { globSync } from "node:fs";
import { ROOT } from "../workers.ts";

/** @returns paths from the repository's root, sorted */
export function faultFiles(): readonly string[] {
  return globSync("test/faults/*/**/*.test.ts", { cwd: ROOT }).toSorted();
}
