/** Adding a passkey, in two steps around the browser's own dialog, and naming and removing those that are there. */
import type { Context } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { setFlash } from "../../flash.tsx";
import { addPasskey, removePasskey, renamePasskey, startPasskey } from "../../peers/account-security.ts";
import { renderPage } from "../../render-page.tsx";
import { securityTexts } from "../../texts/security.ts";
import { AccountFrame } from "./account-frame.tsx";
import { refused, seeOther } from "./customer-only.ts";
import { readForm } from "./form-text.ts";
import { PasskeyCreation } from "./passkey-forms.tsx";
import { refusedForm, SECURITY_PATH, securityPage } from "./security.tsx";

export async function askForPasskey(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { passkeys: texts } = securityTexts(page.locale);
  const options = await startPasskey(page, (await readForm(c)).raw("password"));
  if (!options.ok && options.error.code === "passkey_limit_reached") return backWith(c, texts.full);
  if (!options.ok) return await refusedForm(c, "passkey", options.error);
  return await renderPage(
    c,
    { title: texts.createTitle, noindex: true },
    <AccountFrame page={page} title={texts.createTitle} lead={texts.createLead}>
      <PasskeyCreation page={page} options={options.value} />
    </AccountFrame>,
  );
}

export async function keepPasskey(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const { passkeys: texts } = securityTexts(page.locale);
  const form = await readForm(c);
  const name = form.text("name");
  const added = await addPasskey(page, readJson(form.raw("credential")), name === "" ? undefined : name);
  if (added.ok) return seeOther(c, SECURITY_PATH, texts.done);
  switch (added.error.code) {
    case "passkey_not_accepted":
    case "invalid_body":
      return backWith(c, texts.refused);
    case "passkey_limit_reached":
      return backWith(c, texts.full);
    default:
      return await refused(c, added.error);
  }
}

export async function renameOne(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const form = await readForm(c);
  const passkeyId = form.text("passkey");
  const renamed = await renamePasskey(page, passkeyId, form.text("name"));
  if (renamed.ok) return seeOther(c, SECURITY_PATH, securityTexts(page.locale).passkeys.saved);
  if (renamed.error.code === "invalid_body") return await securityPage(c, { form: "rename", passkeyId });
  return await refused(c, renamed.error);
}

export async function removeOne(c: Context<StorefrontHono>): Promise<Response> {
  const { page } = c.var;
  const removed = await removePasskey(page, (await readForm(c)).text("passkey"));
  // Gone already is what was wanted.
  if (!removed.ok && removed.error.status !== 404) return await refused(c, removed.error);
  return seeOther(c, SECURITY_PATH, securityTexts(page.locale).passkeys.removed);
}

function backWith(c: Context<StorefrontHono>, warning: string): Response {
  setFlash(c, "warning", warning);
  return seeOther(c, SECURITY_PATH);
}

/** What is no JSON is no credential: identity refuses it. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
