/** A peer of the storefront that answers what the test has prepared, and remembers what it was asked. */
import { WorkerEntrypoint } from "cloudflare:workers";

export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `throw` breaks the call, `hang` never answers. */
  readonly fault?: "throw" | "hang";
  /** What is answered from then on. */
  readonly afterwards?: Readonly<Record<string, Answer>>;
}

export interface Received {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ListedHandle {
  readonly handle: string;
  readonly updatedAtMs: number;
}

export interface FakePeer {
  /** By `GET /v1/products/x`, with or without the query; the first with it wins. Adds to what was prepared before. */
  prepare(answers: Readonly<Record<string, Answer>>): Promise<void>;
  /** Every call fails in transport until `reset`. */
  breakDown(): Promise<void>;
  reset(): Promise<void>;
  received(): Promise<Received[]>;
  setVersion(version: number): Promise<void>;
  setHandles(handles: readonly ListedHandle[]): Promise<void>;
  /** What every way of signing a browser in answers; they are received as `RPC` calls. */
  prepareSession(answer: unknown): Promise<void>;
  /** What `readAuthorization` and `answerAuthorization` answer; they are received as `RPC` calls. */
  prepareAuthorization(question: unknown, answer?: unknown): Promise<void>;
}

let answers: Record<string, Answer> = {};
let received: Received[] = [];
let broken = false;
let currentVersion = 1;
let listed: readonly ListedHandle[] = [];
let session: unknown;
let authorization: { readonly question: unknown; readonly answer: unknown };

// biome-ignore lint/style/noDefaultExport: the runtime asks for one.
export default class Peer extends WorkerEntrypoint {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    received.push({ method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers), body });
    const answer = answers[`${request.method} ${pathname}${search}`] ?? answers[`${request.method} ${pathname}`];
    if (broken || answer?.fault === "throw") throw new Error("the peer broke");
    if (answer?.fault === "hang") await new Promise(() => setInterval(() => undefined, 60_000));
    if (answer === undefined)
      return problem(404, "not_found", `The test has prepared nothing for ${request.method} ${pathname}.`);
    answers = { ...answers, ...answer.afterwards };
    const status = answer.status ?? 200;
    const text = answer.json === undefined ? null : JSON.stringify(answer.json);
    return new Response(text, { status, headers: { "content-type": "application/json", ...answer.headers } });
  }

  version(): number {
    if (broken) throw new Error("the peer broke");
    return currentVersion;
  }

  listHandles(afterHandle: string, limit: number): ListedHandle[] {
    if (broken) throw new Error("the peer broke");
    return listed.filter(({ handle }) => handle > afterHandle).slice(0, limit);
  }

  signInBrowser(credentials: unknown): unknown {
    return openSession("signInBrowser", credentials);
  }

  completeSignInBrowser(step: unknown): unknown {
    return openSession("completeSignInBrowser", step);
  }

  signInBrowserByPasskey(presented: unknown): unknown {
    return openSession("signInBrowserByPasskey", presented);
  }

  registerBrowser(registration: unknown): unknown {
    return openSession("registerBrowser", registration);
  }

  readAuthorization(query: unknown): unknown {
    return heard("readAuthorization", query, authorization.question);
  }

  answerAuthorization(consent: unknown): unknown {
    return heard("answerAuthorization", consent, authorization.answer);
  }

  prepareAuthorization(question: unknown, answer: unknown): void {
    authorization = { question, answer };
  }

  prepareSession(answer: unknown): void {
    session = answer;
  }

  prepare(more: Readonly<Record<string, Answer>>): void {
    answers = { ...answers, ...more };
  }

  breakDown(): void {
    broken = true;
  }

  reset(): void {
    answers = {};
    received = [];
    broken = false;
    listed = [];
  }

  received(): Received[] {
    return received;
  }

  setVersion(version: number): void {
    currentVersion = version;
  }

  setHandles(handles: readonly ListedHandle[]): void {
    listed = handles;
  }
}

function openSession(path: string, input: unknown): unknown {
  return heard(path, input, session);
}

function heard(path: string, input: unknown, answer: unknown): unknown {
  received.push({ method: "RPC", path, headers: {}, body: JSON.stringify(input) });
  if (broken) throw new Error("the peer broke");
  return answer;
}

function problem(status: number, code: string, detail: string): Response {
  return Response.json({ type: `urn:holdfast:problem:${code}`, title: code, status, code, detail }, { status });
}
