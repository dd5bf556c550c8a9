/** Steps and bars on the terminal: one line a step, rewritten in place on a TTY, appended elsewhere. */

const isTty = process.stdout.isTTY === true;
const BAR_WIDTH = 28;
/** Lines of a log file are enough at this pace. */
const PLAIN_INTERVAL_MS = 2_000;

/** Runs one step of a start-up and says how long it took. */
export async function step<T>(title: string, run: () => Promise<T>, summary: (value: T) => string = () => ""): Promise<T> {
  const startedAt = Date.now();
  if (isTty) process.stdout.write(`  … ${title}`);
  try {
    const value = await run();
    const detail = summary(value);
    process.stdout.write(
      `${isTty ? "\r" : ""}  ✓ ${title}${detail === "" ? "" : `: ${detail}`} (${seconds(Date.now() - startedAt)})\n`,
    );
    return value;
  } catch (error) {
    process.stdout.write(`${isTty ? "\r" : ""}  ✗ ${title}\n`);
    throw error;
  }
}

export interface ProgressBar {
  update(done: number, note?: string): void;
  end(): void;
}

export function progressBar(title: string, total: number): ProgressBar {
  let writtenAtMs = 0;
  let lastLine = "";
  function write(done: number, note: string, force: boolean): void {
    const now = Date.now();
    if (!force && now - writtenAtMs < (isTty ? 100 : PLAIN_INTERVAL_MS)) return;
    writtenAtMs = now;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * BAR_WIDTH);
    const line = `  ${title} [${"█".repeat(filled)}${"·".repeat(BAR_WIDTH - filled)}] ${done}/${total} ${Math.floor(share * 100)} %${note === "" ? "" : ` · ${note}`}`;
    process.stdout.write(isTty ? `\r${line.padEnd(lastLine.length)}` : `${line}\n`);
    lastLine = line;
  }
  let state = { done: 0, note: "" };
  return {
    update(done, note = "") {
      state = { done, note };
      write(done, note, false);
    },
    end() {
      write(state.done, state.note, true);
      if (isTty) process.stdout.write("\n");
    },
  };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
