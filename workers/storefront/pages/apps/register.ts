/** Mounts the pages about apps: their question to the customer, and the customer's list of them. */
import type { Hono } from "hono";
import type { StorefrontHono } from "../../env.ts";
import { customerOnly } from "../account/customer-only.ts";
import { chooseLanguage } from "../shell/choose-language.ts";
import { endAccess, showApps } from "./app-list.tsx";
import { answerConsent, showConsent } from "./consent.tsx";

export function registerAppPages(app: Hono<StorefrontHono>): void {
  // An app knows one address for all languages.
  app.get("/oauth/authorize", chooseLanguage, showConsent);
  app.post("/oauth/authorize", answerConsent);
  app.get("/account/apps", customerOnly(showApps));
  app.post("/account/apps", customerOnly(endAccess));
}
