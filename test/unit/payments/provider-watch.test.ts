import { describe, expect, it } from "vitest";
import { ProviderWatch } from "../../../workers/payments/provider-watch.ts";
import type { Unavailable } from "../../../workers/shared/call-peer.ts";
import type { Logger } from "../../../workers/shared/telemetry.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");

function watched() {
  const lines: string[] = [];
  const note = (event: string, fields: unknown) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  return { watch: new ProviderWatch(log), lines };
}

function silence(reason: Unavailable["reason"] = "timeout"): Unavailable {
  return { code: "unavailable", service: "payment-provider", reason, message: "No answer" };
}

describe("the watch over the payment provider", () => {
  it("tells of an outage once a minute, and of its end once", () => {
    const { watch, lines } = watched();
    watch.answered();
    for (const second of [0, 1, 30, 59, 60]) watch.failed(silence(), NOON + second * 1_000);
    watch.answered();
    watch.answered();
    expect(lines).toEqual([
      'provider_unavailable {"reason":"timeout","message":"No answer","held_back":0}',
      'provider_unavailable {"reason":"timeout","message":"No answer","held_back":3}',
      'provider_answers_again {"failed_at":"2026-11-21T12:01:00.000Z"}',
    ]);
  });

  it("knows nothing before the first call, and takes what our own breaker keeps back for no news", () => {
    const { watch, lines } = watched();
    watch.failed(silence("circuit_open"), NOON);
    expect(watch.health("closed")).toEqual({ state: "unknown", breaker: "closed", last_failure_at: null });
    watch.failed(silence(), NOON);
    watch.failed(silence("circuit_open"), NOON + 5_000);
    expect(watch.health("open")).toEqual({ state: "fails", breaker: "open", last_failure_at: "2026-11-21T12:00:00.000Z" });
    watch.answered();
    expect(watch.health("closed")).toMatchObject({ state: "answers", last_failure_at: "2026-11-21T12:00:00.000Z" });
    expect(lines).toHaveLength(2);
  });
});
