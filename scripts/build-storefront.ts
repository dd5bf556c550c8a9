/**
 * Builds what the shop sends to browsers, one style sheet and one module, minified and named by their content, with the
 * icons, into `workers/storefront/assets/built.json`, which the worker imports. Every npm script that needs it runs it;
 * wrangler's own custom build would end its hot reload.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const STOREFRONT = join(dirname(dirname(fileURLToPath(import.meta.url))), "workers/storefront");
const OUTPUT = join(STOREFRONT, "assets/built.json");
/** Later sheets may rely on earlier ones; further sheets come after these in the order of their names. */
const SHEET_ORDER = ["tokens.css", "base.css", "components.css"];
const BROWSERS = ["chrome123", "firefox125", "safari17.5"];
/** Promised per page; a larger build is a failed build. */
const GZIP_BYTES_MAX = 20 * 1_024;
/** Editors write in several steps. */
const WATCH_SETTLE_MS = 60;

interface BuiltFile {
  readonly type: string;
  readonly encoding: "text" | "base64";
  readonly body: string;
  /** The body in Brotli at its best, as base64: what an edge compresses on the way is larger. */
  readonly brotli?: string;
}

async function styleSheet(): Promise<string> {
  const rank = (name: string) => (SHEET_ORDER.includes(name) ? SHEET_ORDER.indexOf(name) : SHEET_ORDER.length);
  const names = globSync("*.css", { cwd: join(STOREFRONT, "styles") }).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const css = names.map((name) => readFileSync(join(STOREFRONT, "styles", name), "utf8")).join("\n");
  return (await transform(css, { loader: "css", minify: true, target: BROWSERS })).code;
}

async function script(): Promise<string> {
  const entry = join(STOREFRONT, "islands/main.ts");
  if (!existsSync(entry)) return "";
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    jsx: "automatic",
    jsxImportSource: "hono/jsx/dom",
    write: false,
    logLevel: "error",
  });
  return result.outputFiles[0]?.text ?? "";
}

function digest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 12);
}

function checkSize(name: string, text: string): void {
  const bytes = gzipSync(text).byteLength;
  if (bytes > GZIP_BYTES_MAX) throw new Error(`${name} has ${bytes} bytes gzipped; at most ${GZIP_BYTES_MAX} are allowed.`);
}

function textFile(type: string, body: string): BuiltFile {
  return { type: `${type}; charset=utf-8`, encoding: "text", body, brotli: brotliCompressSync(body).toString("base64") };
}

function pictures(): Record<string, BuiltFile> {
  const types: Readonly<Record<string, string>> = { svg: "image/svg+xml", ico: "image/x-icon", png: "image/png" };
  return Object.fromEntries(
    globSync("*.{svg,ico,png}", { cwd: join(STOREFRONT, "icons") })
      .sort()
      .map((name) => {
        const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        return [`/${name}`, { type, encoding: "base64", body: readFileSync(join(STOREFRONT, "icons", name)).toString("base64") }];
      }),
  );
}

/** Everything that a rendered page depends on. */
function sourceDigest(): string {
  const names = globSync("**/*.{ts,tsx}", { cwd: STOREFRONT, exclude: ["assets"] }).sort();
  return digest(...names.flatMap((name) => [name, readFileSync(join(STOREFRONT, name))]));
}

/** Writes only what has changed: the file is watched. */
export async function buildStorefront(): Promise<void> {
  const [css, js] = await Promise.all([styleSheet(), script()]);
  checkSize("The style sheet", css);
  checkSize("The script", js);
  const sheetPath = `/assets/shop.${digest(css)}.css`;
  const scriptPath = `/assets/shop.${digest(js)}.js`;
  const files: Record<string, BuiltFile> = {
    [sheetPath]: textFile("text/css", css),
    [scriptPath]: textFile("text/javascript", js),
    ...pictures(),
  };
  const buildId = digest(sourceDigest(), JSON.stringify(files));
  const text = JSON.stringify({ buildId, styleSheet: sheetPath, script: scriptPath, files });
  if (existsSync(OUTPUT) && readFileSync(OUTPUT, "utf8") === text) return;
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, text);
}

/** Builds again after each change of a source, until the process ends. `report` hears of a build that failed. */
export function watchStorefront(report: (error: unknown) => void): void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(STOREFRONT, { recursive: true }, (_, name) => {
    if (name === null || /^(?:assets|\.wrangler)(?:[/\\]|$)/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void buildStorefront().catch(report), WATCH_SETTLE_MS);
  });
  watcher.on("error", report);
  watcher.unref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildStorefront();
