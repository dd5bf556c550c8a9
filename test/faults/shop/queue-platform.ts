/**
 * The platform's queues in virtual time, between the real shop and its real consumers: batches in any order and size, at
 * least one delivery, per-message acks and delayed retries, and `<queue>-dead` after the last one. Faults are decided by the
 * test. Nothing is delivered before `deliverDue` or `passMinutes`.
 */
import { RETRIES_MAX } from "../../../queues/contracts/dead-letters.ts";
import { Random } from "../random.ts";
import { MINUTE_MS, passTime } from "../rig/clock.ts";
import { world } from "../rig/outside-world.ts";
import { runSchedule } from "./schedule.ts";
import { consumerOf, workerOf } from "./workers.ts";

const BATCH_MESSAGES_MAX = 100;
/** Of an exception: `retry_delay` in the consumers' configs. */
const CRASH_DELAY_MS = 2_000;
/** Everything is delivered in far fewer, unless two consumers keep each other awake. */
const BATCHES_MAX = 20_000;

export interface Message {
  readonly id: string;
  readonly queue: string;
  readonly body: unknown;
  /** Deliveries that it had. */
  attempts: number;
  dueAtMs: number;
}

export interface QueueFaults {
  /** How many copies of a message arrive: 0 loses it. */
  copies(message: Message): number;
  /** How late a copy arrives. */
  delaysMs(message: Message): number;
  /** The whole batch is delivered again although it was processed. */
  losesAcks(queue: string): boolean;
  /** A consumer that is stopped is not called; its messages wait, and its schedule does not run. */
  isStopped(worker: string): boolean;
  /** A consumer that throws before it reads its batch. */
  crashes(worker: string): boolean;
}

const NO_FAULTS: QueueFaults = {
  copies: () => 1,
  delaysMs: () => 0,
  losesAcks: () => false,
  isStopped: () => false,
  crashes: () => false,
};

interface Verdict {
  readonly kind: "ack" | "retry";
  readonly delayMs: number;
}

const UNSAID: Verdict = { kind: "ack", delayMs: 0 };

export class QueuePlatform {
  readonly random: Random;
  faults: QueueFaults = NO_FAULTS;
  /** Batches of which a consumer acked some messages and retried others. */
  partialBatches = 0;
  #waiting: Message[] = [];
  #sent = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  calm(): void {
    this.faults = NO_FAULTS;
  }

  with(faults: Partial<QueueFaults>): void {
    this.faults = { ...NO_FAULTS, ...faults };
  }

  get waiting(): readonly Message[] {
    return this.#waiting;
  }

  /** A producer's message. */
  send(queue: string, body: unknown): Message {
    this.#sent += 1;
    const message: Message = { id: `message-${this.#sent}`, queue, body, attempts: 0, dueAtMs: Date.now() };
    const copies = this.faults.copies(message);
    for (let copy = 0; copy < copies; copy++)
      this.#waiting.push({ ...message, dueAtMs: Date.now() + this.faults.delaysMs(message) });
    return message;
  }

  /** Takes what the shop has sent meanwhile. @returns the messages, lost ones too */
  collect(): Message[] {
    return world.messages.splice(0).map(({ queue, body }) => this.send(queue, body));
  }

  /** Delivers what is due now, and what is sent because of it, until nothing is due. */
  async deliverDue(): Promise<void> {
    for (let batches = 0; batches < BATCHES_MAX; batches++) {
      this.collect();
      const batch = this.#takeBatch();
      if (batch === undefined) return;
      await this.#dispatch(batch);
    }
    throw new Error(`the queues never come to rest: ${this.#waiting.map(({ queue }) => queue).join(", ")}`);
  }

  /** Lets time pass, beginning with what is due: alarms ring, messages come due, and every worker's schedule runs at its minutes. */
  async passMinutes(minutes: number): Promise<void> {
    await this.deliverDue();
    const endMs = Date.now() + minutes * MINUTE_MS;
    while (Date.now() < endMs) {
      const minuteMs = Date.now() - (Date.now() % MINUTE_MS) + MINUTE_MS;
      const retriesMs = this.#waiting.filter(({ queue }) => !this.#isStopped(queue)).map(({ dueAtMs }) => dueAtMs);
      const nextMs = Math.min(minuteMs, endMs, ...retriesMs.filter((atMs) => atMs > Date.now()));
      await passTime(nextMs - Date.now());
      if (nextMs === minuteMs)
        await runSchedule(minuteMs, (worker) => this.faults.isStopped(worker) || this.faults.crashes(worker));
      await this.deliverDue();
    }
  }

  #isStopped(queue: string): boolean {
    return this.faults.isStopped(workerOf(queue));
  }

  /** Some messages of one queue, from anywhere in it: queues keep no order. */
  #takeBatch(): Message[] | undefined {
    const due = this.#waiting.filter(({ queue, dueAtMs }) => dueAtMs <= Date.now() && !this.#isStopped(queue));
    if (due.length === 0) return undefined;
    const { queue } = this.random.pick(due);
    const sizeMax = queue === "notification-outbox" ? 1 : this.random.integer(1, BATCH_MESSAGES_MAX);
    const chosen = new Set(this.random.shuffled(due.filter((message) => message.queue === queue)).slice(0, sizeMax));
    this.#waiting = this.#waiting.filter((message) => !chosen.has(message));
    return [...chosen];
  }

  async #dispatch(batch: readonly Message[]): Promise<void> {
    const queue = batch[0]?.queue ?? "";
    const verdicts = new Map<Message, Verdict>();
    for (const message of batch) message.attempts += 1;
    const crashed = this.faults.crashes(workerOf(queue)) || !(await consumed(queue, batch, verdicts));
    const redelivered = crashed || this.faults.losesAcks(queue);
    if (new Set([...verdicts.values()].map(({ kind }) => kind)).size > 1) this.partialBatches += 1;
    for (const message of batch) {
      const said = verdicts.get(message) ?? UNSAID;
      if (redelivered) this.#again(message, CRASH_DELAY_MS);
      else if (said.kind === "retry") this.#again(message, said.delayMs);
    }
  }

  #again(message: Message, delayMs: number): void {
    const isTerminal = consumerOf(`${message.queue}-dead`) === undefined;
    if (message.attempts <= RETRIES_MAX || isTerminal) {
      this.#waiting.push({ ...message, dueAtMs: Date.now() + delayMs });
      return;
    }
    this.#waiting.push({ ...message, queue: `${message.queue}-dead`, attempts: 0, dueAtMs: Date.now() });
  }
}

/** @returns false when the consumer threw. */
async function consumed(queue: string, batch: readonly Message[], verdicts: Map<Message, Verdict>): Promise<boolean> {
  const consumer = consumerOf(queue);
  if (consumer === undefined) throw new Error(`nobody consumes ${queue}`);
  const say = (message: Message, kind: Verdict["kind"], delaySeconds = 0) =>
    void verdicts.set(message, { kind, delayMs: delaySeconds * 1_000 });
  const messages = batch.map((message) => ({
    id: message.id,
    timestamp: new Date(),
    attempts: message.attempts,
    body: structuredClone(message.body),
    ack: () => say(message, "ack"),
    retry: (options?: QueueRetryOptions) => say(message, "retry", options?.delaySeconds),
  }));
  const ackAll = () => {
    for (const message of batch) say(message, "ack");
  };
  try {
    await consumer.queue({ queue, messages, ackAll, retryAll: () => undefined } as unknown as MessageBatch);
    return true;
  } catch {
    return false;
  }
}
