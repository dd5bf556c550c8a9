/**
 * Turns the wrangler configs into Miniflare workers from prebuilt bundles: what `npm run serve` runs and what the test
 * pool loads as auxiliary workers. The tomls stay the one truth about bindings.
 */
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import type { V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { buildStorefront } from "./build-storefront.ts";
import { type Bundle, type FreshBundle, keptBundle } from "./lib/kept-bundles.ts";
import { esbuildSourcePatches, type SourcePatch } from "./lib/source-patches.ts";
import { configPath, ROOT } from "./workers.ts";

/** The platform provides these; they stay imports. */
const EXTERNAL = ["cloudflare:*", "node:*"];

/**
 * Secrets are passed in: what lies in somebody's `.dev.vars` must not reach a test. `envFiles` is read, though the types
 * of wrangler 4.155 leave it out.
 */
const WITHOUT_DEV_VARS = { overrides: {}, envFiles: [configPath(".no-env-file")] };

/** Miniflare worker options, as wrangler derives them from a toml. */
export type WorkerOptions = V4WorkerOptions;

export interface BundledWorker {
  readonly name: string;
  readonly options: WorkerOptions;
}

/** Wasm stays a module beside the bundle, as wrangler does it. */
function wasmModules(found: Map<string, Uint8Array>, paths: string[]): Plugin {
  return {
    name: "wasm-modules",
    setup(builder) {
      builder.onResolve({ filter: /\.wasm$/ }, async (args) => {
        if (args.pluginData === "resolved") return undefined;
        const resolved = await builder.resolve(args.path, {
          resolveDir: args.resolveDir,
          kind: args.kind,
          importer: args.importer,
          pluginData: "resolved",
        });
        if (resolved.errors.length > 0) return { errors: resolved.errors };
        const name = `./${found.size}.wasm`;
        paths.push(resolved.path);
        found.set(name, await readFile(resolved.path));
        return { path: name, external: true };
      });
    },
  };
}

/** Zod brings its messages in fifty languages, 300 kB for each worker; only English is ever asked for. */
const zodInEnglish: Plugin = {
  name: "zod-in-english",
  setup(builder) {
    builder.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
    }));
  },
};

/** One build per entry, options and process: a restart of the same system needs no second one. */
const scripts = new Map<string, Promise<Bundle>>();
/** What decides how a bundle is made, beside the files that go into it. */
const RECIPE = [import.meta.filename, join(ROOT, "package-lock.json"), join(ROOT, "tsconfig.json")];

function scriptOf(entry: string, directory: string, options: Required<BundleOptions>): Promise<Bundle> {
  const about = [entry, options];
  const key = JSON.stringify(about);
  const known = scripts.get(key);
  if (known !== undefined) return known;
  const make = () => buildScript(entry, directory, options);
  const built = options.patches.length > 0 ? make() : keptBundle(about, make);
  scripts.set(key, built);
  return built;
}

async function buildScript(entry: string, directory: string, options: Required<BundleOptions>): Promise<FreshBundle> {
  const wasm = new Map<string, Uint8Array>();
  const wasmPaths: string[] = [];
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: EXTERNAL,
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    sourcemap: options.compact ? false : "inline",
    // Names stay, for the stacks in the logs.
    minifyWhitespace: options.compact,
    minifySyntax: options.compact,
    write: false,
    metafile: true,
    logLevel: "error",
    absWorkingDir: directory,
    plugins: [
      wasmModules(wasm, wasmPaths),
      zodInEnglish,
      ...(options.patches.length === 0 ? [] : [esbuildSourcePatches(options.patches)]),
    ],
  });
  const text = result.outputFiles[0]?.text;
  if (text === undefined) throw new Error(`${entry} bundled to nothing`);
  const sources = Object.keys(result.metafile.inputs).map((path) => resolve(directory, path));
  return { text, wasm, inputs: [...RECIPE, ...sources, ...wasmPaths] };
}

/** What a worker imports but nobody has written. */
const PREPARATIONS: Readonly<Record<string, () => Promise<void>>> = { "workers/storefront/wrangler.toml": buildStorefront };
const prepared = new Map<string, Promise<void>>();

/** Once a process. */
export async function prepareWorker(config: string): Promise<void> {
  const running = prepared.get(config) ?? PREPARATIONS[config]?.() ?? Promise.resolve();
  prepared.set(config, running);
  await running;
}

export interface BundleOptions {
  /** For tests alone. */
  readonly patches?: readonly SourcePatch[];
  /** Without source maps and white space: a fifth of the bytes, and a third of the time that the system takes to start. */
  readonly compact?: boolean;
}

/** @param secrets text bindings that `.dev.vars` would give; they win over `[vars]`. */
export async function bundleWorker(
  config: string,
  secrets: Readonly<Record<string, string>> = {},
  { patches = [], compact = false }: BundleOptions = {},
): Promise<BundledWorker> {
  await prepareWorker(config);
  const path = configPath(config);
  const directory = dirname(path);
  const parsed = unstable_readConfig({ config: path });
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(path, undefined, WITHOUT_DEV_VARS);
  const entry = main ?? parsed.main;
  if (entry === undefined) throw new Error(`${config} names no main module`);
  const { text, wasm } = await scriptOf(entry, directory, { patches, compact });
  const name = parsed.name ?? config;
  return {
    name,
    options: {
      ...(workerOptions as object),
      name,
      bindings: { ...(workerOptions.bindings as object | undefined), ...secrets },
      modulesRoot: directory,
      modules: [
        { type: "ESModule", path: join(directory, "index.js"), contents: text },
        ...Array.from(wasm, ([file, contents]) => ({ type: "CompiledWasm" as const, path: join(directory, file), contents })),
      ],
    } as WorkerOptions,
  };
}
