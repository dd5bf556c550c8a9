/** A thin client of V8's inspector protocol for every isolate behind one inspector port. */
import * as z from "zod";

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
});
export type Profile = z.infer<typeof Profile>;

const Targets = z.array(z.object({ id: z.string(), webSocketDebuggerUrl: z.string() }));
const Reply = z.object({ id: z.int().optional(), result: z.unknown() });

export interface IsolateSession {
  /** `core:user:holdfast-orders`; Miniflare's own are named `d1:…`, `queues:…`. */
  readonly name: string;
  send(method: string, parameters?: object): Promise<unknown>;
}

export async function attachToIsolates(port: number): Promise<readonly IsolateSession[]> {
  const targets = Targets.parse(await (await fetch(`http://127.0.0.1:${port}/json`)).json());
  return await Promise.all(targets.map((target) => attach(target.id, target.webSocketDebuggerUrl)));
}

async function attach(name: string, url: string): Promise<IsolateSession> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (result: unknown) => void>();
  let lastId = 0;
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)));
  });
  socket.addEventListener("message", (message) => {
    const reply = Reply.parse(JSON.parse(String(message.data)));
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply.result);
  });
  return {
    name,
    send(method, parameters = {}) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params: parameters }));
      return promise.finally(() => waiting.delete(id));
    },
  };
}
