/** Mounts the page for sign-in and security and its forms: all of a signed-in customer. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { askForPasskey, keepPasskey, removeOne, renameOne } from "./change-passkeys.tsx";
import { customerOnly, type PageHandler, seeOther } from "./customer-only.ts";
import { SECURITY_PATH, showSecurity } from "./security.tsx";
import { confirmSetUp, renewCodes, startSetUp, switchOff } from "./set-up-authenticator.tsx";

const FORMS: Readonly<Record<string, PageHandler>> = {
  "/authenticator": startSetUp,
  "/authenticator/confirm": confirmSetUp,
  "/authenticator/disable": switchOff,
  "/recovery-codes": renewCodes,
  "/passkeys": askForPasskey,
  "/passkeys/add": keepPasskey,
  "/passkeys/rename": renameOne,
  "/passkeys/remove": removeOne,
};

export function registerSecurityPages(app: Hono<StorefrontHono>): void {
  app.get(SECURITY_PATH, customerOnly(showSecurity));
  for (const [path, handler] of Object.entries(FORMS)) {
    app.post(SECURITY_PATH + path, customerOnly(handler));
    // The answer to a form has the form's address: a reload or a change of language asks for it by GET.
    app.get(SECURITY_PATH + path, (c) => seeOther(c, SECURITY_PATH));
  }
}
