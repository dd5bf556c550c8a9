/** Codes of authenticator apps, by the vectors of RFC 6238, and recovery codes as people type them. */
import { describe, expect, it } from "vitest";
import { newRecoveryCodes, readRecoveryCode, recoveryCodeHash } from "../../../workers/identity/recovery-code.ts";
import { newTotpSecret, stepOf, totpUri } from "../../../workers/identity/totp.ts";

/** "12345678901234567890" in base 32; the last six digits of Appendix B's SHA-1 codes. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const VECTORS = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

describe("a code of an authenticator app", () => {
  it.each(VECTORS)("at second %d is what RFC 6238 says, and is known by its step", (seconds, code) => {
    expect(stepOf(SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it("counts one step early and one late, and keeps its own step's number", () => {
    const step = Math.floor(1_234_567_890 / 30);
    for (const late of [-30, 0, 30]) expect(stepOf(SECRET, "005924", (1_234_567_890 + late) * 1_000)).toBe(step);
    for (const late of [-60, 60]) expect(stepOf(SECRET, "005924", (1_234_567_890 + late) * 1_000)).toBeUndefined();
  });

  it("comes from a secret of 160 random bits, which the address for the app carries", () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, "Shop & Co: Sea", "ada+1@example.com"));
    expect(uri.protocol).toBe("otpauth:");
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret, issuer: "Shop & Co: Sea", digits: "6", period: "30" });
  });
});

describe("recovery codes", () => {
  it("are ten of eighty bits, readable, and never the same", () => {
    const codes = newRecoveryCodes();
    expect(new Set([...codes, ...newRecoveryCodes()]).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  });

  it("are read as people type them: capitals, spaces, and letters that look alike", async () => {
    expect(readRecoveryCode(" AB01-CD11 ef23 gh45 ")).toBe("ab01cd11ef23gh45");
    expect(readRecoveryCode("abOI-cdlL-ef23-gh45")).toBe("ab01cd11ef23gh45");
    for (const wrong of ["", "123456", "abcd-abcd-abcd", "abcd-abcd-abcd-abcu", "abcd-abcd-abcd-abcd-abcd"])
      expect(readRecoveryCode(wrong)).toBeUndefined();
    expect(await recoveryCodeHash("cus_1", "ab01-cd11-ef23-gh45")).toBe(await recoveryCodeHash("cus_1", "ab01cd11ef23gh45"));
    expect(await recoveryCodeHash("cus_1", "x")).not.toBe(await recoveryCodeHash("cus_2", "x"));
  });
});
