/** V8's inspector in every isolate of a workerd: who they are, and a sampling profile of each. */
import * as z from "zod";

const Targets = z.array(z.looseObject({ id: z.string(), title: z.string().optional(), webSocketDebuggerUrl: z.string() }));

const CpuProfile = z.looseObject({
  nodes: z.array(
    z.looseObject({
      id: z.int(),
      callFrame: z.looseObject({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()).default([]),
  /** Microseconds since the sample before. */
  timeDeltas: z.array(z.int()).default([]),
});
export type CpuProfile = z.infer<typeof CpuProfile>;

const Answer = z.looseObject({ id: z.int(), result: z.unknown().optional(), error: z.unknown().optional() });

export class Isolate {
  readonly name: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: z.infer<typeof Answer>) => void>();
  #sent = 0;

  private constructor(name: string, socket: WebSocket) {
    this.name = name;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const parsed = Answer.safeParse(JSON.parse(String(data)));
      if (parsed.success) this.#waiting.get(parsed.data.id)?.(parsed.data);
    });
  }

  static async connect(name: string, url: string): Promise<Isolate> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)), { once: true });
    });
    return new Isolate(name, socket);
  }

  async startProfile(samplingIntervalMicros: number): Promise<void> {
    await this.#send("Profiler.enable");
    await this.#send("Profiler.setSamplingInterval", { interval: samplingIntervalMicros });
    await this.#send("Profiler.start");
  }

  async stopProfile(): Promise<CpuProfile> {
    const result = z.looseObject({ profile: CpuProfile }).parse(await this.#send("Profiler.stop"));
    return result.profile;
  }

  close(): void {
    this.#socket.close();
  }

  async #send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#sent;
    const answered = new Promise<z.infer<typeof Answer>>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${this.name}: ${method}: ${JSON.stringify(error)}`);
    return result;
  }
}

/** @param port where workerd's inspector listens */
export async function openInspector(port: number): Promise<readonly Isolate[]> {
  const targets = Targets.parse(await (await fetch(`http://127.0.0.1:${port}/json`)).json());
  return await Promise.all(targets.map(({ id, webSocketDebuggerUrl }) => Isolate.connect(id, webSocketDebuggerUrl)));
}
