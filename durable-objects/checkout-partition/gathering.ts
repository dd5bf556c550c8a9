/**
 * Group commit. Nothing waits when nothing is in flight; what arrives while a call about the same thing is in flight goes
 * together in the next one, in the order of arrival, so that a batch grows with load and distance. In memory: whoever
 * waits when the object dies asks again from its row. No I/O of its own.
 */
import type { Later } from "../../workers/shared/later.ts";

export interface GatheringDependencies<M, A> {
  /** One call for all of them. @returns an answer for each, in their order */
  readonly send: (about: string, members: readonly M[]) => Promise<readonly A[]>;
  /** The answer of a member that finds too many waiting. */
  readonly refuse: () => A;
  readonly later: Later;
}

export interface GatheringLimits {
  /** Members of one call. */
  readonly batchMax: number;
  /** Members that wait about one thing. */
  readonly waitingMax: number;
  /** A call that takes longer is not waited for: its members still get its answer, the next call goes. */
  readonly patienceMs: number;
}

interface Waiting<M, A> {
  readonly member: M;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** What is in flight about one thing, and who waits for it. */
interface Lane<M, A> {
  readonly waiting: Waiting<M, A>[];
  /** Rises with every call: an overdue one must not let another go. */
  calls: number;
  takeBackPatience: (() => void) | null;
}

export class Gathering<M, A> {
  readonly #deps: GatheringDependencies<M, A>;
  readonly #limits: GatheringLimits;
  /** Only while something is in flight. */
  readonly #lanes = new Map<string, Lane<M, A>>();

  constructor(deps: GatheringDependencies<M, A>, limits: GatheringLimits) {
    this.#deps = deps;
    this.#limits = limits;
  }

  ask(about: string, member: M): Promise<A> {
    const lane = this.#lanes.get(about) ?? this.#open(about);
    if (lane.waiting.length >= this.#limits.waitingMax) return Promise.resolve(this.#deps.refuse());
    const answer = new Promise<A>((resolve, reject) => lane.waiting.push({ member, resolve, reject }));
    if (lane.calls === 0) this.#depart(about, lane);
    else this.#armPatience(about, lane);
    return answer;
  }

  #open(about: string): Lane<M, A> {
    const lane: Lane<M, A> = { waiting: [], calls: 0, takeBackPatience: null };
    this.#lanes.set(about, lane);
    return lane;
  }

  /** The next call goes, with those who waited longest. Without any the lane is empty and closes. */
  #depart(about: string, lane: Lane<M, A>): void {
    lane.takeBackPatience?.();
    lane.takeBackPatience = null;
    const batch = lane.waiting.splice(0, this.#limits.batchMax);
    if (batch.length === 0) {
      this.#lanes.delete(about);
      return;
    }
    const call = ++lane.calls;
    if (lane.waiting.length > 0) this.#armPatience(about, lane);
    void this.#carry(about, batch).then(() => {
      if (lane.calls === call) this.#depart(about, lane);
    });
  }

  #armPatience(about: string, lane: Lane<M, A>): void {
    lane.takeBackPatience ??= this.#deps.later(this.#limits.patienceMs, () => {
      lane.takeBackPatience = null;
      this.#depart(about, lane);
    });
  }

  /** Gives each its own answer. Never rejects. */
  async #carry(about: string, batch: readonly Waiting<M, A>[]): Promise<void> {
    const members = batch.map(({ member }) => member);
    try {
      const answers = await this.#deps.send(about, members);
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} questions`);
      for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
