/** What happens to a presented refresh token, decided without a database. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRefresh, type PresentedToken, REUSE_GRACE_MS } from "../../../workers/identity/refresh-token.ts";

const NOW = 1_800_000_000_000;
const fresh: PresentedToken = {
  rotatedAtMs: null,
  expiresAtMs: NOW + 1,
  sessionExpiresAtMs: NOW + 1,
  sessionRevokedAtMs: null,
  customerStatus: "active",
};

describe("a presented refresh token", () => {
  it("rotates on first use", () => {
    expect(decideRefresh(fresh, NOW)).toBe("rotate");
  });

  it("is repeated within the grace for lost answers, and ends the family after it", () => {
    expect(decideRefresh({ ...fresh, rotatedAtMs: NOW - REUSE_GRACE_MS }, NOW)).toBe("repeat");
    expect(decideRefresh({ ...fresh, rotatedAtMs: NOW - REUSE_GRACE_MS - 1 }, NOW)).toBe("revoke_family");
  });

  it("ends the family even when the stolen copy has expired", () => {
    expect(decideRefresh({ ...fresh, rotatedAtMs: NOW - 10 * REUSE_GRACE_MS, expiresAtMs: NOW - 1 }, NOW)).toBe("revoke_family");
  });

  it.each([
    ["its time is over", { expiresAtMs: NOW }],
    ["the session's time is over", { sessionExpiresAtMs: NOW }],
    ["the session is revoked", { sessionRevokedAtMs: NOW - 1 }],
    ["the customer is disabled", { customerStatus: "disabled" as const }],
  ])("is refused when %s", (_, change) => {
    expect(decideRefresh({ ...fresh, ...change }, NOW)).toBe("refuse");
    expect(decideRefresh({ ...fresh, rotatedAtMs: NOW, ...change }, NOW)).toBe("refuse");
  });

  it("never brings a revoked session back", () => {
    const time = fc.integer({ min: NOW - 1e9, max: NOW + 1e9 });
    fc.assert(
      fc.property(time, time, time, fc.option(time), (revokedAt, expiresAt, sessionExpiresAt, rotatedAt) => {
        const decision = decideRefresh(
          {
            rotatedAtMs: rotatedAt,
            expiresAtMs: expiresAt,
            sessionExpiresAtMs: sessionExpiresAt,
            sessionRevokedAtMs: revokedAt,
            customerStatus: "active",
          },
          NOW,
        );
        return decision === "refuse";
      }),
    );
  });
});
