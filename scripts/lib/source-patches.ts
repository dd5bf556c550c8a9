/**
 * Changes of the source while it is built, for tests that need broken or crashing code: seeded bugs, crash points. A patch
 * names the one place that it changes; a build whose patches do not fit the source fails before anything runs. Builds that
 * are deployed, started or served take none.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Plugin as EsbuildPlugin, Loader } from "esbuild";
import type { Plugin as VitePlugin } from "vitest/config";
import { ROOT } from "../workers.ts";

export interface SourcePatch {
  /** From the repository's root. */
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** @throws when a patch of this file does not fit: the source has moved on. */
export function patchSource(file: string, source: string, patches: readonly SourcePatch[]): string {
  return patches
    .filter((patch) => patch.file === file)
    .reduce((text, { find, replace }) => {
      const places = text.split(find).length - 1;
      if (places !== 1) throw new Error(`a source patch must fit ${file} in one place, not ${places}: ${JSON.stringify(find)}`);
      return text.replace(find, () => replace);
    }, source);
}

/** @throws when any of them does not fit, also one whose file this build would not reach. */
function checkPatches(patches: readonly SourcePatch[]): void {
  for (const file of new Set(patches.map((patch) => patch.file)))
    patchSource(file, readFileSync(join(ROOT, file), "utf8"), patches);
}

export function esbuildSourcePatches(patches: readonly SourcePatch[]): EsbuildPlugin {
  checkPatches(patches);
  const files = new Map(patches.map(({ file }) => [join(ROOT, file), file]));
  return {
    name: "source-patches",
    setup(builder) {
      builder.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        const file = files.get(path);
        if (file === undefined) return undefined;
        return { contents: patchSource(file, await readFile(path, "utf8"), patches), loader: extname(path).slice(1) as Loader };
      });
    },
  };
}

export function viteSourcePatches(patches: readonly SourcePatch[]): VitePlugin {
  checkPatches(patches);
  const files = new Map(patches.map(({ file }) => [join(ROOT, file), file]));
  const fileOf = (id: string) => files.get(id.split("?", 1)[0] ?? id);
  return {
    name: "source-patches",
    enforce: "pre",
    // Vitest keeps transformed modules between runs: a patched one must never be taken for the real one, nor the other way.
    configureVitest({ defineCacheKeyGenerator }) {
      defineCacheKeyGenerator(({ id }) => (fileOf(id) === undefined ? undefined : JSON.stringify(patches)));
    },
    transform(code, id) {
      const file = fileOf(id);
      return file === undefined ? undefined : { code: patchSource(file, code, patches), map: null };
    },
  };
}
