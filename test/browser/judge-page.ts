/** What tools find wrong with a page as it stands: accessibility, markup, and how it fits a phone. */
import axe from "axe-core";
import { type ConfigData, HtmlValidate } from "html-validate";
import type { Page } from "playwright-core";

/** Halfway from one colour scheme to the other nothing has the contrast of either: waits until three frames are still. */
const AT_REST = `(async () => {
  for (let frames = 0, still = 0; still < 3 && frames < 120; frames++) {
    await new Promise(requestAnimationFrame);
    still = document.getAnimations().some(({ playState }) => playState === "running") ? 0 : still + 1;
  }
})()`;

/** The rest of a result names every element that is in order, which takes longer than to find those that are not. */
const VIOLATIONS = { resultTypes: ["violations"] };
/** In the dark only colours differ. */
const AXE_RUNS = [
  ["light", VIOLATIONS],
  ["dark", { ...VIOLATIONS, runOnly: ["color-contrast"] }],
] as const;

/** What axe finds, in light and dark: `light rule: element`. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const [colorScheme, options] of AXE_RUNS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(AT_REST);
    const violations = await page.evaluate<string[]>(`axe.run(${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`);
    found.push(...violations.map((violation) => `${colorScheme} ${violation}`));
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return found;
}

const MARKUP: ConfigData = {
  extends: ["html-validate:recommended"],
  rules: {
    // Ways to write the same markup, all of them allowed by the HTML standard; the renderer has its own.
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "doctype-style": "off",
  },
};
const validator = new HtmlValidate(MARKUP);

/** Errors in the markup as it was sent: `rule (line:column): what`. */
export async function markupErrors(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, column, message }) => `${ruleId} (${line}:${column}): ${message}`),
  );
}

/** What reaches out of the screen sideways. */
export async function widestOverflow(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return Array.from(document.querySelectorAll("body *"))
      .filter((element) => element.getBoundingClientRect().right > room + 1)
      .map((element) => element.outerHTML.slice(0, 120));
  })()`);
}

/** What a shopper acts with; links inside running text and lists of links may be as high as their text. */
const PRIMARY_CONTROLS = [
  "button",
  ".button",
  "summary",
  "select",
  "input:not([type=hidden]):not([type=radio]):not([type=checkbox])",
  ".choice",
  ".option-row",
  ".option-chip",
  "header a",
  ".category-bar a",
  ".pagination a",
].join(",");
const TARGET_MIN_PX = 44;

/** Visible controls that are hard to hit with a finger. */
export async function smallTargets(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`Array.from(document.querySelectorAll(${JSON.stringify(PRIMARY_CONTROLS)}))
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest(".visually-hidden"))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && height > 1 && (height < ${TARGET_MIN_PX - 0.5} || width < ${TARGET_MIN_PX - 0.5}))
    .map(([element, { width, height }]) => Math.round(width) + "×" + Math.round(height) + " " + element.outerHTML.slice(0, 120))`);
}
