import { describe, expect, it } from "vitest";
import { breakerStates, callPeer } from "../../../workers/shared/call-peer.ts";
import { ok } from "../../../workers/shared/result.ts";

/** More than enough to open a breaker. */
const FAILURES = 20;

async function failOften(service: string, error: Error): Promise<void> {
  for (let failures = 0; failures < FAILURES; failures++)
    await callPeer({ service, deadlineMs: 1_000, retries: 0 }, () => Promise.reject(error));
}

describe("the circuit breaker of a peer", () => {
  it("opens when the peer fails in a row", async () => {
    await failOften("broken", new Error("gone"));
    expect(breakerStates()["broken"]?.state).toBe("open");
  });

  it("stays closed while one of its objects is overloaded: the others are within reach", async () => {
    const overloaded = Object.assign(new Error("too many requests for one object"), { overloaded: true });
    await failOften("busy", overloaded);
    expect(breakerStates()["busy"]?.state).toBe("closed");
    const policy = { service: "busy", deadlineMs: 1_000, retries: 2 };
    expect(await callPeer(policy, async () => ok({ sku: "B" }))).toEqual(ok({ sku: "B" }));
    let calls = 0;
    const again = await callPeer(policy, () => {
      calls += 1;
      return Promise.reject(overloaded);
    });
    expect(again).toMatchObject({ ok: false, error: { code: "unavailable", reason: "overloaded" } });
    expect(calls).toBe(1);
  });
});
