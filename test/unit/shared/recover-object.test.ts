import { describe, expect, it } from "vitest";
import { planRecovery, type RecoverableObject, recoverObject } from "../../../workers/shared/recover-object.ts";
import { recoveryTarget } from "../../../workers/shared/recovery-http.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const DAY_MS = 86_400_000;

/** A platform that keeps history; bookmarks are the times that they stand for. */
function recorder() {
  const calls: string[] = [];
  const history = {
    getBookmarkForTime: async (atMs: number | Date) => `at-${Number(atMs)}`,
    onNextSessionRestoreBookmark: async (bookmark: string) => {
      calls.push(`restore ${bookmark}`);
      return "now";
    },
  };
  const object = (): RecoverableObject => ({
    planRecovery: (target) => planRecovery(history, target),
    restart: () => {
      calls.push("restart");
      return Promise.reject(new Error("the object is gone"));
    },
  });
  return { calls, history, object };
}

describe("the recovery of an object", () => {
  it("starts it again after its storage was told where to go, and says what undoes it", async () => {
    const { calls, object } = recorder();
    expect(await recoverObject(object, { toMs: 5 })).toEqual({ ok: true, value: { bookmark: "at-5", undoBookmark: "now" } });
    expect(calls).toEqual(["restore at-5", "restart"]);
  });

  it("is undone by the bookmark of before", async () => {
    const { calls, object } = recorder();
    await recoverObject(object, { bookmark: "now" });
    expect(calls).toEqual(["restore now", "restart"]);
  });

  it("changes nothing where the storage keeps no history, or the platform refuses", async () => {
    const { calls, object, history } = recorder();
    const fails = (message: string) => () => Promise.reject(new Error(message));
    history.getBookmarkForTime = fails("This Durable Object's storage back-end does not implement point-in-time recovery.");
    expect(await recoverObject(object, { toMs: 5 })).toEqual({ ok: false, error: { code: "recovery_unavailable" } });
    history.getBookmarkForTime = fails("too long ago");
    expect(await recoverObject(object, { toMs: 5 })).toMatchObject({ ok: false, error: { code: "recovery_refused" } });
    expect(calls).toEqual([]);
  });

  it("goes back thirty days at most, and never into the future", () => {
    const at = (ms: number) => ({ to: new Date(ms).toISOString() });
    expect(recoveryTarget(at(NOW - 30 * DAY_MS), NOW)).toEqual({ toMs: NOW - 30 * DAY_MS });
    for (const to of [at(NOW - 30 * DAY_MS - 1), at(NOW + 1)])
      expect(() => recoveryTarget(to, NOW)).toThrow(
        expect.objectContaining({ problem: expect.objectContaining({ status: 422 }) }),
      );
  });
});
