/**
 * What this isolate knows of the payment provider, for `/healthz` and the log: nothing else tells of its outage, because an
 * order that it keeps waiting simply asks again.
 */
import type { Unavailable } from "../shared/call-peer.ts";
import type { EpochMs } from "../shared/clock.ts";
import { isoTime } from "../shared/clock.ts";
import type { OutsideHealth } from "../shared/http.ts";
import { Seldom } from "../shared/seldom.ts";
import type { Logger } from "../shared/telemetry.ts";

const LOG_INTERVAL_MS = 60_000;

export class ProviderWatch {
  readonly #log: Logger;
  readonly #lines = new Seldom(LOG_INTERVAL_MS);
  #state: OutsideHealth["state"] = "unknown";
  #failedAtMs: EpochMs | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** It said something, if only a refusal. */
  answered(): void {
    if (this.#state === "fails") this.#log.info("provider_answers_again", { failed_at: this.#failedAt() });
    this.#state = "answers";
  }

  /** A call that our own circuit breaker kept back says nothing new. */
  failed({ reason, message }: Unavailable, nowMs: EpochMs): void {
    if (reason === "circuit_open") return;
    this.#state = "fails";
    this.#failedAtMs = nowMs;
    const heldBack = this.#lines.pass(nowMs);
    if (heldBack !== undefined) this.#log.warn("provider_unavailable", { reason, message, held_back: heldBack });
  }

  health(breaker: string): OutsideHealth {
    return { state: this.#state, breaker, last_failure_at: this.#failedAt() };
  }

  #failedAt(): string | null {
    return this.#failedAtMs === null ? null : isoTime(this.#failedAtMs);
  }
}
