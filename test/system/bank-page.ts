/** Answers the bank's question as a browser would: opens the page, presses one of its buttons, follows where it leads. */

export interface Landing {
  /** Where the bank sent the shopper. */
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** @param button the end of the form's address: `approve` or `decline`. */
export async function answerBank(url: string, button: "approve" | "decline"): Promise<Landing> {
  const page = await fetch(url);
  if (page.status !== 200) throw new Error(`the bank's page answers ${page.status}`);
  const policy = page.headers.get("content-security-policy") ?? "";
  if (policy.includes("script-src")) throw new Error("the bank's page may run scripts");
  const form = formsOf(await page.text()).find((each) => each.action.endsWith(`/${button}`));
  if (form === undefined) throw new Error(`the bank's page has no ${button} form`);
  const pressed = await fetch(new URL(form.action, url), {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form.fields),
  });
  const location = pressed.headers.get("location");
  if (pressed.status !== 303 || location === null) throw new Error(`the bank's form answers ${pressed.status}`);
  const landing = await fetch(location);
  return { url: location, status: landing.status, text: await landing.text() };
}

interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

function formsOf(html: string): Form[] {
  return Array.from(html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/gs), ([, action = "", inside = ""]) => ({
    action: unescaped(action),
    fields: Object.fromEntries(
      Array.from(inside.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g), ([, name = "", value = ""]) => [
        name,
        unescaped(value),
      ]),
    ),
  }));
}

function unescaped(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'");
}
