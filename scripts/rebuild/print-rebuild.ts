/** What `npm run rebuild` says about projections and their rebuilds. Pure. */

export const PROJECTIONS = ["orders", "ledger", "notifications", "sales", "stock"] as const;

export interface ProjectionView {
  readonly name: string;
  readonly applied: number;
  readonly lag: number | null;
  readonly beyond: number | null;
  readonly rebuild: {
    readonly state: "idle" | "following" | "completed";
    readonly sources: number;
    readonly events: number;
    readonly removed: number;
    readonly written: number;
    readonly set_back: number;
  };
}

/** @throws on a name that no projection has */
export function requireProjection(name: string): void {
  if (PROJECTIONS.some((known) => known === name)) return;
  throw new Error(`There is no projection "${name}". There are: ${PROJECTIONS.join(", ")}.`);
}

export function listLine({ name, applied, lag, beyond, rebuild }: ProjectionView): string {
  const behind = lag === null ? "" : `, ${lag} behind`;
  const ahead = beyond === null || beyond === 0 ? "" : `, ${beyond} that no log has: rebuild it`;
  const last = rebuild.state === "idle" ? "never rebuilt" : `rebuild ${rebuild.state}`;
  return `  ${name.padEnd(14)} ${applied} events${behind}${ahead}; ${last}`;
}

export function progressLine({ name, rebuild }: ProjectionView): string {
  return `  … ${name}: ${rebuild.events} events of ${rebuild.sources} logs`;
}

export function doneLine({ name, rebuild }: ProjectionView): string {
  const { events, sources, removed, written, set_back: setBack } = rebuild;
  const mended =
    removed === 0 && written === 0
      ? "every row was right"
      : `${removed} ${removed === 1 ? "row" : "rows"} taken away, ${written} written`;
  const short = setBack === 0 ? "" : `; ${setBack === 1 ? "1 log" : `${setBack} logs`} had got shorter, and ${SET_BACK}`;
  return `  ✓ ${name}: ${events} events of ${sources} logs; ${mended}${short}`;
}

const SET_BACK = "the rows went back to the end of the log";
