/**
 * The switchboard: every call between two parts of the shop goes through it, and a plan decides what becomes of the call.
 * An edge is named `caller>peer.method`, as in `partition>inventory.hold`.
 */
import { type EdgeCall, type Fault, type HeldCall, type Line, underFault } from "./fault.ts";
import { type Deadline, newestDeadline } from "./quick-timers.ts";

export type FaultPlan = (call: EdgeCall) => Fault | undefined;

export interface TouchedObject {
  readonly id: string;
  /** A new stub each time. */
  readonly stub: () => DurableObjectStub;
}

const NO_FAULTS: FaultPlan = () => undefined;

export class Switchboard {
  /** What was called, oldest first, since the plan came into force. */
  readonly calls: EdgeCall[] = [];
  readonly injected: { readonly edge: string; readonly occurrence: number; readonly fault: Fault }[] = [];
  /** Objects that were ever called, by `BINDING/name`. */
  readonly touched = new Map<string, TouchedObject>();
  #held: HeldCall[] = [];
  #plan: FaultPlan = NO_FAULTS;
  #occurrences = new Map<string, number>();
  /** Calls under way that have a deadline, newest last. */
  readonly #patient = new Set<() => void>();

  /** A new plan; counting starts again. */
  inject(plan: FaultPlan): void {
    this.calls.length = 0;
    this.injected.length = 0;
    this.#occurrences = new Map();
    // Left over from objects that crashed.
    this.#patient.clear();
    this.#plan = plan;
  }

  /** No faults from now on; what is held stays held. */
  calm(): void {
    this.#plan = NO_FAULTS;
  }

  get held(): readonly HeldCall[] {
    return this.#held;
  }

  /** Lets everything go that is held, oldest first. */
  async releaseAll(): Promise<void> {
    for (const held of [...this.#held]) await held.release();
  }

  /** A binding to a service whose methods run here; arguments and answers are copied as RPC would. */
  service<T extends object>(line: Line, instance: () => object): T {
    return this.#methods((method, args) =>
      this.#perform(line, method, args, async () => {
        const service = instance();
        const run = Reflect.get(service, method) as (...args: unknown[]) => Promise<unknown>;
        const isFetch = method === "fetch";
        const answer = await Reflect.apply(run, service, isFetch ? args : structuredClone(args));
        return isFetch ? answer : structuredClone(answer);
      }),
    );
  }

  /** A namespace of objects; `binding` names it in `touched`. */
  objects<T extends object>(line: Line, binding: string, namespace: DurableObjectNamespace): T {
    const getByName = (name: string, options?: DurableObjectNamespaceGetDurableObjectOptions) => {
      const fresh = () => namespace.getByName(name, options);
      this.#touch(`${binding}/${name}`, namespace, name);
      let stub: DurableObjectStub | undefined;
      let dead = false;
      return this.#methods((method, args) => {
        if (dead) return Promise.reject(new Error("This stub is broken: make a new one."));
        const effect = (stubs: "own" | "new") => {
          stub ??= fresh();
          const used = stubs === "new" ? fresh() : stub;
          // Not `.apply`: on a stub every member is a remote method.
          return Reflect.apply(Reflect.get(used, method) as (...args: unknown[]) => Promise<unknown>, used, args);
        };
        const kill = () => {
          dead = true;
        };
        return this.#perform(line, method, args, effect, kill, fresh);
      });
    };
    return { getByName } as unknown as T;
  }

  #touch(key: string, namespace: DurableObjectNamespace, name: string): void {
    if (this.touched.has(key)) return;
    this.touched.set(key, { id: namespace.idFromName(name).toString(), stub: () => namespace.getByName(name) });
  }

  #methods<T extends object>(call: (method: string, args: unknown[]) => Promise<unknown>): T {
    const get = (_: object, method: string | symbol) =>
      typeof method === "string" && method !== "then" ? (...args: unknown[]) => call(method, args) : undefined;
    return new Proxy({}, { get }) as T;
  }

  async #perform<T>(
    line: Line,
    method: string,
    args: readonly unknown[],
    effect: (stubs: "own" | "new") => Promise<T>,
    kill: () => void = () => undefined,
    target?: () => DurableObjectStub,
  ): Promise<T> {
    // Before anything else: the newest deadline is this call's own only now.
    const deadline = line.hasDeadline ? newestDeadline() : undefined;
    const call = this.#count(`${line.caller}>${line.peer}.${method}`, args);
    const fault = this.#plan(call);
    if (fault !== undefined) this.injected.push({ edge: call.edge, occurrence: call.occurrence, fault });
    if (fault === undefined && deadline === undefined) return await effect("own");
    const patience = this.#await(deadline);
    try {
      const giveUp = () => this.#ring(deadline === undefined ? [...this.#patient].at(-1) : patience);
      return await underFault(fault, { call, line, effect, giveUp, kill, target }, (held) => this.#hold(held));
    } finally {
      this.#patient.delete(patience);
    }
  }

  #count(edge: string, args: readonly unknown[]): EdgeCall {
    const occurrence = (this.#occurrences.get(edge) ?? 0) + 1;
    this.#occurrences.set(edge, occurrence);
    const call = { edge, occurrence, args };
    this.calls.push(call);
    return call;
  }

  /** Ringing from another object only resolves a promise; the timer is touched where it was set. */
  #await(deadline: Deadline | undefined): () => void {
    const rung = Promise.withResolvers<void>();
    if (deadline === undefined) return rung.resolve;
    void rung.promise.then(() => deadline.ring());
    this.#patient.add(rung.resolve);
    return rung.resolve;
  }

  #ring(patience: (() => void) | undefined): boolean {
    if (patience === undefined) return false;
    this.#patient.delete(patience);
    patience();
    return true;
  }

  #hold(held: HeldCall): HeldCall {
    const listed: HeldCall = {
      ...held,
      release: () => {
        this.#held = this.#held.filter((other) => other !== listed);
        return held.release();
      },
    };
    this.#held.push(listed);
    return listed;
  }
}

export const switchboard = new Switchboard();
