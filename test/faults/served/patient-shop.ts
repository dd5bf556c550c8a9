/**
 * A client that does what the API asks of clients: a lost answer, a 429 and a 5xx are asked for again, with the same key and
 * body, until an answer decides. Between a kill and the restart it waits.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Answer, type CallOptions, type Problem, Shop, type ShopAddress } from "../../system/shop.ts";

const PATIENCE_MS = 90_000;
const PAUSE_MIN_MS = 30;
const PAUSE_MAX_MS = 500;

export interface Patience {
  /** Resolves when there is a system to ask. */
  readonly whenUp?: () => Promise<void>;
  /** How long a key that is in flight is asked for again. The gateway keeps the key of a dead request for a minute. */
  readonly inFlightMs?: number;
}

export class PatientShop extends Shop {
  readonly #patience: Required<Patience>;
  /** Answers that nobody should ever get, also not from a shop that dies. */
  readonly bugs: string[] = [];

  constructor(address: ShopAddress, { whenUp = () => Promise.resolve(), inFlightMs = 2_000 }: Patience = {}) {
    super(address);
    this.#patience = { whenUp, inFlightMs };
  }

  override async call<T = Record<string, unknown>>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const startedAtMs = Date.now();
    for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
      await this.#patience.whenUp();
      const answer = await heard(super.call<T>(method, path, options));
      const waitedMs = Date.now() - startedAtMs;
      if (answer !== undefined && this.#isDecisive(answer, waitedMs)) return answer;
      if (answer?.status === 500) this.bugs.push(`${method} ${path}: 500 ${JSON.stringify(answer.body)}`);
      if (waitedMs > PATIENCE_MS) throw new Error(`${method} ${path}: no decision, at last ${answer?.status ?? "no answer"}`);
      await pause(pauseMs);
    }
  }

  #isDecisive(answer: Answer<unknown>, waitedMs: number): boolean {
    if (answer.status === 429 || answer.status >= 500) return false;
    return !isInFlight(answer) || waitedMs >= this.#patience.inFlightMs;
  }
}

/** Undefined: the connection broke before the answer was there. */
async function heard<T>(call: Promise<Answer<T>>): Promise<Answer<T> | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // How `fetch` says it.
    throw error;
  }
}

export function isInFlight(answer: Answer<unknown>): boolean {
  return answer.status === 409 && (answer.body as Partial<Problem>).code === "idempotency_key_in_flight";
}
