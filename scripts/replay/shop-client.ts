/** The shop's public HTTP API as the replay uses it: JSON in and out, patient with a shop that asks for patience. */
import { setTimeout as delay } from "node:timers/promises";

const ATTEMPTS_MAX = 8;
const RETRY_DELAY_INITIAL_MS = 200;
const RETRY_DELAY_MAX_MS = 5_000;
const REQUEST_DEADLINE_MS = 120_000;

export interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T & ProblemBody;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ShopClient {
  readonly #url: string;
  readonly #adminKey: string;
  retries = 0;

  constructor(url: string, adminKey: string) {
    this.#url = url.replace(/\/$/, "");
    this.#adminKey = adminKey;
  }

  /** A lost answer, 429 and 503 are repeated with the same headers (and so the same Idempotency-Key). */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#send(method, path, options).catch((error: unknown) => {
        if (attempt === ATTEMPTS_MAX) throw new Error(`${method} ${this.#url}${path}: ${String(error)}`);
        return undefined;
      });
      if (response !== undefined && ((response.status !== 429 && response.status !== 503) || attempt === ATTEMPTS_MAX)) {
        return { status: response.status, body: (await readJson(response)) as T & ProblemBody };
      }
      this.retries++;
      await response?.body?.cancel();
      await delay(Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_INITIAL_MS * 2 ** (attempt - 1)));
    }
  }

  /** As the operator. @throws unless the answer is 2xx. */
  async admin<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const headers = { ...options.headers, authorization: `Bearer ${this.#adminKey}` };
    const answer = await this.request<T>(method, path, { ...options, headers });
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status} ${answer.body.code ?? ""}: ${answer.body.detail ?? ""}`);
  }

  async #send(method: string, path: string, options: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = { ...options.headers };
    const isText = typeof options.body === "string";
    if (options.body !== undefined && !isText) headers["content-type"] = "application/json";
    return await fetch(`${this.#url}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
      ...(options.body === undefined ? {} : { body: isText ? (options.body as string) : JSON.stringify(options.body) }),
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { code: "not_json", detail: text.slice(0, 200) };
  }
}
