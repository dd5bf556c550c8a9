/** A follower of the order log with its database in memory, and the queue before it: at least once, in any order, or never. */
import type { OrderEvent } from "../../../../queues/contracts/order-events.ts";
import { CursorMovedError } from "../../../../workers/shared/d1-follower.ts";
import { catchUp, type Follower, followSource, type WakeUp } from "../../../../workers/shared/follow-log.ts";
import type { Network } from "./network.ts";
import { Node, type VirtualTime } from "./virtual-time.ts";

const DELIVERIES_MAX = 3;
const REDELIVERY_MS = 5_000;

type OrderWakeUp = WakeUp<OrderEvent>;
type ReadLog = (afterSequence: number, limit: number) => Promise<readonly OrderEvent[]>;

export class MemoryFollower implements Follower<OrderEvent> {
  readonly node: Node;
  /** The effect: what was applied, in order. The cursor is its length. */
  readonly applied: OrderEvent[] = [];
  readonly #database: Node;
  readonly #queue: Node;
  readonly #time: VirtualTime;
  readonly #network: Network;
  readonly #readLog: ReadLog;

  constructor(name: string, time: VirtualTime, network: Network, readLog: ReadLog) {
    this.node = new Node(name);
    this.#database = new Node(`${name}'s database`);
    this.#queue = new Node(`${name}'s queue`);
    this.#time = time;
    this.#network = network;
    this.#readLog = readLog;
  }

  /** The face of the queue towards the publisher. */
  queueFor(publisher: Node): Pick<Queue, "sendBatch"> {
    const sendBatch = (messages: Iterable<MessageSendRequest>) => {
      const bodies = Array.from(messages, ({ body }) => body as OrderWakeUp);
      return this.#network.call(publisher, this.#queue, "send", this.node.name, () => this.#enqueue(bodies));
    };
    return { sendBatch: sendBatch as unknown as Queue["sendBatch"] };
  }

  async readCursor(): Promise<number> {
    return this.applied.length;
  }

  async apply(source: string, expectedSequence: number, events: readonly OrderEvent[]): Promise<void> {
    await this.#network.call(this.node, this.#database, "apply", `after ${expectedSequence}`, () => {
      if (this.applied.length !== expectedSequence) {
        throw new CursorMovedError([{ source, expectedSequence, nextSequence: expectedSequence + events.length }], undefined);
      }
      this.applied.push(...events);
    });
  }

  readonly pull = async (_source: string, afterSequence: number, limit: number): Promise<readonly OrderEvent[]> => {
    return await this.#readLog(afterSequence, limit);
  };

  async catchUp(source: string): Promise<void> {
    await catchUp(this, source);
  }

  /** Together or one by one, each as late as it likes. */
  #enqueue(bodies: readonly OrderWakeUp[]): void {
    const batches = this.#time.random.oneIn(2) ? [bodies] : bodies.map((body) => [body]);
    for (const batch of batches) this.#deliver(batch, 1, this.#time.random.integer(1, 2_000));
  }

  #deliver(batch: readonly OrderWakeUp[], delivery: number, delayMs: number): void {
    const source = batch[0]?.source ?? "";
    this.#time.later(delayMs, this.#queue, () => {
      this.#network
        .call(this.#queue, this.node, "wake_up", batch.map(({ sequence }) => sequence).join(" "), () =>
          followSource(this, source, batch),
        )
        .catch(() => {
          if (delivery < DELIVERIES_MAX) this.#deliver(batch, delivery + 1, REDELIVERY_MS);
        });
    });
  }
}
