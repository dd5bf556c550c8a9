/** `npm run audit [-- --url URL --json]`: audits a running shop. Exits 1 when an invariant is broken, or nothing could be proven. */
import { findShop } from "../lib/find-shop.ts";
import { OPTIONS_USAGE, readShopOptions } from "./options.ts";
import { reportTable, verdict } from "./print-report.ts";
import { readAudit } from "./read-audit.ts";

const USAGE = `usage: npm run audit [-- options]

${OPTIONS_USAGE}`;

const isTty = process.stdout.isTTY === true;
const PLAIN_INTERVAL_MS = 2_000;

/** One line that is rewritten on a terminal; elsewhere a line now and then. */
function progressLine(): { show(text: string): void; clear(): void } {
  let shownAtMs = 0;
  let width = 0;
  return {
    show(text) {
      const nowMs = Date.now();
      if (!isTty && nowMs - shownAtMs < PLAIN_INTERVAL_MS) return;
      shownAtMs = nowMs;
      process.stdout.write(isTty ? `\r${text.padEnd(width)}` : `${text}\n`);
      width = text.length;
    },
    clear() {
      if (isTty && width > 0) process.stdout.write(`\r${"".padEnd(width)}\r`);
      width = 0;
    },
  };
}

async function main(): Promise<void> {
  const { url, adminKey, json, positionals } = readShopOptions(USAGE);
  if (positionals.length > 0) throw new Error(USAGE);
  const line = progressLine();
  await findShop(url);
  if (!json) console.log(`Holdfast · audit of ${url}`);
  const report = await readAudit(url, adminKey, {
    progress({ state, phase, done, of }) {
      // The report itself follows: that it is being written is no news.
      if (json || phase === "report") return;
      const waits = state === "queued" ? "waiting for a run under way: " : "";
      line.show(`  … ${waits}${phase} ${done}${of === null ? "" : `/${of}`}`);
    },
    violation({ invariant, subject, detail }) {
      if (json) return;
      line.clear();
      console.log(`  ✗ ${invariant}  ${subject}: ${detail}`);
    },
  });
  line.clear();
  console.log(json ? JSON.stringify(report, null, 2) : `\n${reportTable(report)}\n\n${verdict(report)}`);
  if (!report.holds) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
