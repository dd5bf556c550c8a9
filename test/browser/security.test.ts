/** Second factors as people use them: an app without scripts, passkeys with the browser's own virtual authenticator. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations, markupErrors, smallTargets, widestOverflow } from "./judge-page.ts";
import { freshEmail, PASSWORD, register, setUpApp, signIn, signOut } from "./steps.ts";
import { visits } from "./visits.ts";

const { newcomer } = visits();

/** Without scripts a page stands as it was sent. */
async function expectValid(page: Page): Promise<void> {
  expect(await markupErrors(await page.content())).toEqual([]);
}

async function judged(page: Page): Promise<unknown> {
  return {
    overflow: await widestOverflow(page),
    smallTargets: await smallTargets(page),
    accessibility: await accessibilityViolations(page),
  };
}

const FAULTLESS = { overflow: [], smallTargets: [], accessibility: [] };

describe("an authenticator app", () => {
  it("is set up, asked for at the next sign-in, and replaced by a recovery code, without scripts", async () => {
    const { page } = await newcomer({ javaScriptEnabled: false });
    const email = freshEmail();
    await register(page, "Ada", email);
    const totp = await setUpApp(page);
    await expectValid(page);
    await page.getByLabel("First code").fill(totp.generate());
    await page.getByRole("button", { name: "Switch it on" }).click();
    await page.getByRole("heading", { name: "Keep these recovery codes" }).waitFor();
    const codes = await page.locator(".recovery-codes code").allTextContents();
    expect(codes).toHaveLength(10);
    await expectValid(page);
    await signOut(page);
    await signIn(page, email);
    await page.getByRole("heading", { name: "One more step" }).waitFor();
    await expectValid(page);
    await page.getByLabel("Code").fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This code is not right").waitFor();
    await page.getByLabel("Code").fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(/\/account$/);
    await page.goto("/account/security");
    await page.getByText("9 recovery codes are left.").waitFor();
  });

  it("has pages that are accessible and fit a phone", async () => {
    const { page } = await newcomer({ width: 360, hasTouch: true });
    const email = freshEmail();
    await register(page, "Ada", email);
    const totp = await setUpApp(page);
    expect(await judged(page)).toEqual(FAULTLESS);
    await page.getByLabel("First code").fill(totp.generate());
    await page.getByRole("button", { name: "Switch it on" }).click();
    await page.getByRole("heading", { name: "Keep these recovery codes" }).waitFor();
    expect(await judged(page)).toEqual(FAULTLESS);
    await page.getByRole("link", { name: "I have kept them" }).click();
    for (const summary of await page.locator("details.account-more-form summary").all()) await summary.click();
    expect(await judged(page)).toEqual(FAULTLESS);
    await signOut(page);
    await signIn(page, email);
    await page.getByRole("heading", { name: "One more step" }).waitFor();
    expect(await judged(page)).toEqual(FAULTLESS);
  });
});

/** A platform authenticator that agrees to everything, as a finger on the sensor does. */
async function addAuthenticator(page: Page): Promise<(verified: boolean) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async (isUserVerified) => {
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  };
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto("/account/security");
  await page.getByText("Add a passkey").first().click();
  await page.locator("#passkey-password").fill(PASSWORD);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create the passkey" }).click();
}

describe("a passkey", () => {
  it("is made, signs in without address or password, and opens nothing once it is removed", async () => {
    const { page } = await newcomer();
    const verify = await addAuthenticator(page);
    await register(page, "Ada", freshEmail());
    await addPasskey(page, "The phone");
    await page.getByText("The passkey is ready.").waitFor();
    expect(await judged(page)).toEqual(FAULTLESS);
    await addPasskey(page, "Again");
    await page.getByText("No passkey was made.").waitFor();
    await signOut(page);

    await page.goto("/account/sign-in?return_to=/account/security");
    await verify(false);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("No passkey was used.").waitFor();
    await verify(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL(/\/account\/security$/);
    await page.getByText("Last used").waitFor();

    await page.getByRole("button", { name: "Remove The phone" }).click();
    await page.getByText("The passkey is removed").waitFor();
    await signOut(page);
    await page.goto("/account/sign-in");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("does not open an account here").waitFor();
  });
});
