/** Calls between nodes: each takes a while, and a history says which of them are lost, repeated, late or never answered. */
import type { Node, VirtualTime } from "./virtual-time.ts";

/**
 * What becomes of one message. `lost`: it never arrives. `answer_lost`: its effect happens, the caller gets an error.
 * `silent`: its effect happens, the caller hears nothing. `late`: it arrives when the caller has long given up.
 * `twice`: it arrives a second time later.
 */
export const FATES = ["lost", "answer_lost", "silent", "late", "twice"] as const;
export type Fate = (typeof FATES)[number];

/** What is asked: a cart's hold and the holds of its SKUs are of one kind. Those that matter most come twice. */
export const MESSAGE_KINDS = [
  "hold",
  "hold",
  "commit",
  "commit",
  "authorize",
  "authorize",
  "capture",
  "capture",
  "release",
  "release",
  "checkout",
  "cancel",
  "void",
  "inspect",
  "refund",
  "restock",
  "webhook",
  "send",
  "wake_up",
  "apply",
  "read_events",
] as const;
/** The shopper's and operators' other wishes always arrive. */
export type MessageKind = (typeof MESSAGE_KINDS)[number] | "wish";

const DELAY_MAX_MS = 25;
const LATE_MIN_MS = 13_000;
const LATE_MAX_MS = 60_000;

export class Network {
  readonly #time: VirtualTime;
  readonly #fates: ReadonlyMap<string, Fate>;
  readonly #note: (line: () => string) => void;
  /** Faults are over: every message arrives. */
  reliable = false;
  readonly #counts = new Map<MessageKind, number>();

  /** @param fates by kind and number, `commit 2`. */
  constructor(time: VirtualTime, fates: ReadonlyMap<string, Fate>, note: (line: () => string) => void) {
    this.#time = time;
    this.#fates = fates;
    this.#note = note;
  }

  /** `effect` runs at the other node; its answer comes back unless the caller has crashed meanwhile. */
  call<T>(from: Node, to: Node, kind: MessageKind, about: string, effect: () => T | Promise<T>): Promise<T> {
    const nth = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, nth);
    const fate = this.reliable ? undefined : this.#fates.get(`${kind} ${nth}`);
    this.#note(() => `${from.name} → ${to.name}: ${kind} ${nth} ${about}${fate === undefined ? "" : ` (${fate})`}`);
    const { life } = from;
    return new Promise((resolve, reject) => {
      const back = (settle: () => void): void => {
        this.#time.inLife(this.#delayMs(), from, life, settle);
      };
      const fail = (): void => back(() => reject(new Error(`${kind} ${nth} broke off`)));
      const arrive = (): void => {
        void carryOut(effect).then(
          (value) => {
            this.#note(() => `${kind} ${nth} answers ${JSON.stringify(value)}`);
            if (fate === "answer_lost") fail();
            else if (fate !== "silent") back(() => resolve(value));
          },
          (error: unknown) => back(() => reject(error)),
        );
      };
      if (fate === "lost") return fail();
      const delayMs = fate === "late" ? this.#time.random.integer(LATE_MIN_MS, LATE_MAX_MS) : this.#delayMs();
      this.#time.later(delayMs, to, arrive);
      if (fate === "twice")
        this.#time.later(delayMs + this.#time.random.integer(1, LATE_MAX_MS), to, () => void carryOut(effect).catch(ignored));
    });
  }

  #delayMs(): number {
    return this.#time.random.integer(1, DELAY_MAX_MS);
  }
}

async function carryOut<T>(effect: () => T | Promise<T>): Promise<T> {
  return await effect();
}

/** Nobody waits for the answer to a repeated message. */
function ignored(): void {}
