/** A peer of the gateway whose behaviour the test sets by RPC, and which echoes what reached it. */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { ApiKeyStanding, SessionStanding } from "../../../../workers/identity/contract.ts";
import type { PrivilegedAttempt, PrivilegedOutcome } from "../../../../workers/shared/privileged-act.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Behaviour {
  /** `echo` answers what came; `throw` fails in transport; `hang` never answers; `socket` opens one that repeats what it hears. */
  readonly mode: "echo" | "throw" | "hang" | "socket";
  readonly status: number;
  /** Instead of the echo. */
  readonly text: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: number;
  readonly jwks: object;
  readonly standings: Readonly<Record<string, SessionStanding>>;
  /** By the SHA-256 of the key. */
  readonly keys: Readonly<Record<string, ApiKeyStanding>>;
  /** Customers by the sessions that stand. */
  readonly sessionOwners: Readonly<Record<string, string>>;
  /** What an app's access token opens, by its id. */
  readonly appAccess: Readonly<Record<string, { clientId: string; customerId: string | null; scopes: string[] }>>;
  readonly healthy: boolean;
  readonly document: object;
}

export interface PeerApi {
  behave(change: Partial<Behaviour>): Promise<void>;
  reset(): Promise<void>;
  received(): Promise<Received[]>;
  /** How often identity was asked for a key. */
  keysAsked(): Promise<number>;
  /** What identity was told of privileged acts. */
  recorded(): Promise<Recorded[]>;
}

export interface Recorded {
  readonly attempt: PrivilegedAttempt;
  readonly outcome: PrivilegedOutcome | null;
}

const USUAL: Behaviour = {
  mode: "echo",
  status: 200,
  text: null,
  headers: {},
  version: 1,
  jwks: { keys: [] },
  standings: {},
  keys: {},
  sessionOwners: {},
  appAccess: {},
  healthy: true,
  document: { paths: {} },
};
let behaviour = USUAL;
let received: Received[] = [];
let recorded: Recorded[] = [];
let keysAsked = 0;

// biome-ignore lint/style/noDefaultExport: the runtime asks for one.
export default class Peer extends WorkerEntrypoint<{ readonly SERVICE: string }> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/healthz") {
      return Response.json({
        status: behaviour.healthy ? "ok" : "failing",
        checks: { database: behaviour.healthy ? "ok" : "gone" },
      });
    }
    if (pathname === "/openapi.json") return Response.json(behaviour.document);
    const call = { method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers), body: "" };
    received.push(call);
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    if (behaviour.mode === "hang") await new Promise(() => setInterval(() => undefined, 60_000));
    if (behaviour.mode === "socket") return openEcho();
    const body = await request.text();
    received[received.indexOf(call)] = { ...call, body };
    const headers = { "content-type": "application/json", ...behaviour.headers };
    const text =
      behaviour.text ??
      JSON.stringify({ service: this.env.SERVICE, ...call, body: body.slice(0, 10_000), continent: request.cf?.["continent"] });
    return new Response(behaviour.status === 204 ? null : text, { status: behaviour.status, headers });
  }

  version(): number {
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    return behaviour.version;
  }

  jwks(): object {
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    return behaviour.jwks;
  }

  sessionStanding(sessionId: string): SessionStanding | null {
    return behaviour.standings[sessionId] ?? null;
  }

  apiKeyStanding(keySha256: string): ApiKeyStanding | null {
    keysAsked += 1;
    return behaviour.keys[keySha256] ?? null;
  }

  keysAsked(): number {
    return keysAsked;
  }

  recordAttempt(attempt: PrivilegedAttempt): void {
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    recorded.push({ attempt, outcome: null });
  }

  recordOutcome(attemptId: string, outcome: PrivilegedOutcome): void {
    recorded = recorded.map((entry) => (entry.attempt.id === attemptId ? { ...entry, outcome } : entry));
  }

  recordRefusal(attempt: PrivilegedAttempt, outcome: PrivilegedOutcome): void {
    recorded.push({ attempt, outcome });
  }

  recorded(): Recorded[] {
    return recorded;
  }

  sessionOwner(sessionId: string): string | null {
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    return behaviour.sessionOwners[sessionId] ?? null;
  }

  appAccess(tokenId: string): object | null {
    if (behaviour.mode === "throw") throw new Error("the peer broke");
    return behaviour.appAccess[tokenId] ?? null;
  }

  behave(change: Partial<Behaviour>): void {
    behaviour = { ...behaviour, ...change };
  }

  reset(): void {
    behaviour = USUAL;
    received = [];
    recorded = [];
  }

  received(): Received[] {
    return received;
  }
}

function openEcho(): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.addEventListener("message", ({ data }) => server.send(`heard ${data}`));
  return new Response(null, { status: 101, webSocket: client, headers: { "x-holdfast-principal": "secret" } });
}
