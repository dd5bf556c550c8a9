/**
 * Adds to package-lock.json the optional packages of other platforms that a registry mirror did not have when the lock was
 * written. `npm ci` refuses a lock without them, and never fetches them on this platform. Run it after every version bump.
 */
import { readFileSync, writeFileSync } from "node:fs";

const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path === "" ? "" : `${path}/`}node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[hoisted] !== undefined) continue;
    const words = name.split(/[/-]/);
    const os = OS.find((candidate) => words.includes(candidate) || (candidate === "win32" && words.includes("windows")));
    const cpu = CPU.find((candidate) => words.includes(candidate) || words.includes(`${candidate}-eabi`));
    lock.packages[hoisted] = {
      version: /^[~^]/.test(range) ? range.slice(1) : range,
      ...(cpu === undefined ? {} : { cpu: [cpu] }),
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
      ...(os === undefined ? {} : { os: [os] }),
    };
    if (os === undefined && cpu === undefined) console.warn(`no platform in the name ${name}: look at it by hand`);
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages of other platforms added`);
