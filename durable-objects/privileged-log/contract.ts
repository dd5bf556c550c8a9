/** What identity asks of the log of privileged acts. */
import type { PrivilegedAttempt, PrivilegedOutcome } from "../../workers/shared/privileged-act.ts";

export interface LogQuestion {
  /** Of an account, a key or an app, or `admin_key`. */
  readonly actor: string | undefined;
  /** `orders`, or `orders/ord_…`. */
  readonly resource: string | undefined;
  readonly fromMs: number | undefined;
  /** Not included. */
  readonly toMs: number | undefined;
  readonly beforeSequence: number | undefined;
  readonly limit: number;
}

export interface LogEntry {
  readonly sequence: number;
  readonly hash: string;
  readonly atMs: number;
  readonly attempt: PrivilegedAttempt;
  /** Null: what became of it was never heard, so it may have happened. */
  readonly outcome: (PrivilegedOutcome & { readonly atMs: number }) | null;
}

export interface LogCheck {
  /** The last record that was looked at. */
  readonly throughSequence: number;
  readonly hash: string;
  /** Nothing comes after it. */
  readonly complete: boolean;
  readonly checked: number;
  /** The first record that is not as it was written, or is missing. */
  readonly brokenAt: number | null;
}
