/** A browser at the served shop as an attack sees it: cookies, forms, and headers that a browser would not let one write. */
import type { AttackedSystem } from "./global-setup.ts";

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** What a form is sent with; undefined leaves a usual header out. */
export type Sent = Readonly<Record<string, string | undefined>>;

export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;
  /** Of the visit's forms: one is good for all of them. */
  #formToken: string | undefined;

  constructor({ url }: Pick<AttackedSystem, "url">, cookies: Readonly<Record<string, string>> = {}) {
    this.#origin = url;
    for (const [name, value] of Object.entries(cookies)) this.cookies.set(name, value);
  }

  get(path: string, headers: Sent = {}): Promise<Page> {
    return this.#send(path, "GET", headers);
  }

  /** As our own page sends it, unless told otherwise. */
  async post(path: string, form: Readonly<Record<string, string>>, headers: Sent = {}): Promise<Page> {
    const body = new URLSearchParams({ form_token: await this.formToken(), ...form });
    const usual = { origin: this.#origin, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
    return await this.#send(path, "POST", { ...usual, ...headers }, body.toString());
  }

  /** The token that the visit's pages carry. */
  async formToken(): Promise<string> {
    this.#formToken ??= /name="form_token" value="([^"]*)"/.exec((await this.get("/account/forgot-password")).text)?.[1] ?? "";
    return this.#formToken;
  }

  async #send(path: string, method: string, headers: Sent, body?: string): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = Object.entries({ ...headers, cookie }).filter((entry): entry is [string, string] => Boolean(entry[1]));
    const response = await fetch(this.#origin + path, {
      method,
      redirect: "manual",
      headers: sent,
      // Bytes: fetch would say what text is.
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
    });
    this.#keep(response);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/max-age=0/i.test(line)) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

export async function signedIn(system: Pick<AttackedSystem, "url">, email: string, password: string): Promise<Visitor> {
  const visitor = new Visitor(system);
  const answer = await visitor.post("/account/sign-in", { email, password });
  if (answer.status !== 303) throw new Error(`signing in answers ${answer.status}`);
  return visitor;
}
