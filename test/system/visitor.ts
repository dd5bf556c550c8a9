/** A visitor of the shop's pages without scripts: keeps cookies, follows links, fills in forms and presses buttons. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

const REDIRECTS_MAX = 5;

export class Visitor {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  open(address: string): Promise<Page> {
    return this.#follow(new URL(address, this.#origin), {});
  }

  /** Sends the page's form that has this action, with its hidden fields. Stops where the answer leads out of the shop. */
  async submit(page: Page, action: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    const form = [...page.html.matchAll(/<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(([, to]) => to === action);
    if (form === undefined) throw new Error(`${page.url} (${page.status}) has no form for ${action}`);
    const hidden = [...(form[2] ?? "").matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const body = new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, unescaped(value)]));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return await this.#follow(new URL(action, this.#origin), { method: "POST", body, headers: { origin: this.#origin } });
  }

  async #follow(address: URL, init: RequestInit): Promise<Page> {
    let [url, next] = [address, init];
    for (let step = 0; step < REDIRECTS_MAX; step++) {
      const response = await this.#send(url, next);
      const location = response.headers.get("location");
      const html = await response.text();
      if (location === null) return { url: url.href, status: response.status, headers: response.headers, html };
      url = new URL(location, url);
      next = {};
      if (url.origin !== this.#origin) return { url: url.href, status: response.status, headers: response.headers, html };
    }
    throw new Error(`${address.pathname} leads around and around`);
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) headers.set("cookie", [...this.#cookies].map((pair) => pair.join("=")).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
