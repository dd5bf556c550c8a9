/** Passwords that a guesser tries first are refused; honest ones are not. */
import { dictionary } from "@zxcvbn-ts/language-common";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPasswordWeakness, PASSWORD_LENGTH_MIN } from "../../../workers/identity/password-strength.ts";

const EMAIL = "ada.lovelace@analytical.example";

describe("a password", () => {
  it.each([
    "password123",
    "Password12345!",
    "P@ssw0rd2026",
    "passwordpassword",
    "1234567890",
    "0987654321",
    "abcdefghijkl",
    "qwertyuiop",
    "qwertyuiop1234",
    "QwErTy123456",
    "aaaaaaaaaaaa",
    "abababababab",
    "abc123abc123",
    "iloveyou2026",
    "letmein12345",
    "welcome1welcome1",
    "administrator",
    "holdfast2026",
    "ada.lovelace@analytical.example",
    "lovelace12345",
    "Analytical1!",
    "1111222233334444",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "zaq12wsxcde3",
    "qazwsxedcrfv",
    "147258369147",
    "0712198423",
    "24/12/1998-1",
    "+Michael1984!",
    "motdepasse2026",
    "Liverpool1998!",
    "summer2026",
    "🚢🚢🚢🚢🚢🚢🚢🚢password",
    "password🚢password🚢",
    "Terminator2!",
    "vinogradov-1",
    "M4nchester#99",
    "mailcreated5240",
    "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13",
  ])("is refused when it is %j", async (password) => {
    expect(await findPasswordWeakness(password, EMAIL)).toBeDefined();
  });

  it("is refused when it was leaked, as it is or with a few characters around it", async () => {
    const leaked = dictionary["passwords-common"].filter((password) => password.length >= PASSWORD_LENGTH_MIN);
    expect(leaked.length).toBeGreaterThan(1000);
    for (const password of leaked.slice(0, 300)) {
      expect.soft(await findPasswordWeakness(password, EMAIL), password).toBeDefined();
      expect.soft(await findPasswordWeakness(`#${password.toUpperCase()}7!`, EMAIL), password).toBeDefined();
    }
  });

  it.each([
    "tall-ships-at-dawn",
    "correct horse battery staple",
    "Zr8!qLm2#vT",
    "пароль-из-моря",
    "海の上の灯台から見る朝日",
    "my secret is a lighthouse",
    "1842-note-G-bernoulli",
    "terminator-lighthouse-37",
  ])("is accepted when it is %j", async (password) => {
    expect(await findPasswordWeakness(password, EMAIL)).toBeUndefined();
  });

  it("is accepted whenever a generator made it", async () => {
    const alphabet = fc.constantFrom(..."abcdefghijkmnpqrstuvwxyz23456789");
    const generated = fc.uniqueArray(alphabet, { minLength: 16, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(generated, async (characters) => (await findPasswordWeakness(characters.join(""), EMAIL)) === undefined),
      { numRuns: 500 },
    );
  });

  const part = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom("password", "p4ssw0rd", "🚢", "1234", "ﬁ"));
  const passwordOfParts = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));

  it("is judged for any text without failing and in bounded time", async () => {
    await fc.assert(
      fc.asyncProperty(passwordOfParts, fc.string({ maxLength: 60 }), async (password, email) => {
        await findPasswordWeakness(password, email);
      }),
      { numRuns: 300 },
    );
    const start = performance.now();
    await findPasswordWeakness("ab".repeat(200), EMAIL);
    await findPasswordWeakness("password".repeat(50), EMAIL);
    await findPasswordWeakness("dragonflyterminatorvinogradov".repeat(14), EMAIL);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
