/** Every page as tools judge it: accessible in light and dark, valid markup, and at home on a phone. */
import type { Browser, Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { type Cast, castPeople } from "./cast.ts";
import { accessibilityViolations, markupErrors, smallTargets, widestOverflow } from "./judge-page.ts";
import { PAGES } from "./pages.ts";

const PHONE_WIDTH = 360;

let browser: Browser;
let cast: Cast;

beforeAll(async () => {
  browser = await startBrowser();
  cast = await castPeople(browser, inject("shop"), { width: PHONE_WIDTH, hasTouch: true });
});

afterAll(() => browser?.close());

/** The markup as the server sent it, before any script. */
async function sentMarkup(page: Page, open: () => Promise<unknown>): Promise<string> {
  let document: Response | undefined;
  const listen = (response: Response) => {
    const isDocument = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isDocument && (response.status() < 300 || response.status() >= 400)) document = response;
  };
  page.on("response", listen);
  await open();
  page.off("response", listen);
  if (document === undefined) throw new Error("nothing was opened");
  return await document.text();
}

describe.each(PAGES.map((page) => [page.name, page] as const))("%s", (_name, { role, open }) => {
  it("is accessible, valid, and fits a phone", async () => {
    const { page, complaints } = cast[role];
    const html = await sentMarkup(page, () => open(page, cast));
    const found = {
      markup: await markupErrors(html),
      overflow: await widestOverflow(page),
      smallTargets: await smallTargets(page),
      accessibility: await accessibilityViolations(page),
      complaints: complaints.splice(0),
    };
    expect(found).toEqual({ markup: [], overflow: [], smallTargets: [], accessibility: [], complaints: [] });
  });
});
