/**
 * Bundles that outlive the process which made them: a shop starts in a third of the time when nothing has changed. A kept
 * bundle is used as long as every file that went into it has the size and time that it had then.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../workers.ts";

export interface Bundle {
  readonly text: string;
  /** By the name under which the text imports them. */
  readonly wasm: ReadonlyMap<string, Uint8Array>;
}

export interface FreshBundle extends Bundle {
  /** Absolute paths of everything that it depends on. */
  readonly inputs: readonly string[];
}

interface Kept {
  readonly inputs: readonly (readonly [path: string, modifiedAtMs: number, bytes: number])[];
  readonly text: string;
  readonly wasm: readonly (readonly [name: string, base64: string])[];
}

const FOLDER = join(ROOT, ".holdfast/bundles");

/** @param about what tells this bundle from every other: entry and options. */
export async function keptBundle(about: unknown, make: () => Promise<FreshBundle>, folder: string = FOLDER): Promise<Bundle> {
  const file = join(folder, `${createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 32)}.json`);
  const kept = readKept(file);
  if (kept !== undefined) return kept;
  const begunAtMs = Date.now();
  const { text, wasm, inputs } = await make();
  const stamps = inputs.map(stampOf);
  // Written meanwhile: nobody knows which of its two forms was read.
  if (stamps.some(([, modifiedAtMs]) => modifiedAtMs >= begunAtMs)) return { text, wasm };
  keep(file, folder, {
    inputs: stamps,
    text,
    wasm: Array.from(wasm, ([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const),
  });
  return { text, wasm };
}

/** Undefined when there is none, when it is out of date, or when it cannot be read. */
function readKept(file: string): Bundle | undefined {
  try {
    const { inputs, text, wasm } = JSON.parse(readFileSync(file, "utf8")) as Kept;
    const isCurrent = inputs.every(([path, modifiedAtMs, bytes]) => {
      const [, modifiedNowMs, bytesNow] = stampOf(path);
      return modifiedNowMs === modifiedAtMs && bytesNow === bytes;
    });
    return isCurrent ? { text, wasm: new Map(wasm.map(([name, base64]) => [name, Buffer.from(base64, "base64")])) } : undefined;
  } catch {
    return undefined;
  }
}

function stampOf(path: string): Kept["inputs"][number] {
  const { mtimeMs, size } = statSync(path);
  return [path, mtimeMs, size];
}

/** In one step, since several processes start at once in tests. A folder that cannot be written only costs time. */
function keep(file: string, folder: string, bundle: Kept): void {
  try {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(bundle));
    renameSync(unfinished, file);
  } catch (error) {
    console.warn(`holdfast: the bundle is not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}
