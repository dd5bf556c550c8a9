/** Which browser the browser tests, Lighthouse and the screenshots use, and what to do when there is none. */
import { existsSync } from "node:fs";

/** Debian's chromium, which CI installs, before what people have on their own machines. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
] as const;

export const CHROMIUM = process.env["CHROMIUM_PATH"] ?? USUAL_PLACES.find((path) => existsSync(path)) ?? USUAL_PLACES[0];

export const CHROMIUM_MISSING = `There is no browser at ${CHROMIUM}. Install Debian's with \`sudo apt-get install -y chromium\`, or set CHROMIUM_PATH to another Chromium or Chrome.`;

export function hasChromium(): boolean {
  return existsSync(CHROMIUM);
}

/** Nobody reads warnings there: a missing browser is a failure. */
export function isContinuousIntegration(): boolean {
  const ci = process.env["CI"] ?? "";
  return ci !== "" && ci !== "false" && ci !== "0";
}
