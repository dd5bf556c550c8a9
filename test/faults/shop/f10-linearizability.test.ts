/**
 * F10: concurrent clients of one real SkuStock object, whose calls are late, lost, answered to nobody, repeated, or meet the
 * object's crash. Whatever they were told, one clerk with a notebook could have told them, in some order.
 */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Opening, SkuStockApi } from "../../../durable-objects/sku-stock/contract.ts";
import { newContext } from "../../../workers/shared/telemetry.ts";
import { isLinearizable, type Operation } from "../linearizability.ts";
import { Random } from "../random.ts";
import { startClock } from "../rig/clock.ts";
import { abortObject } from "../rig/fault.ts";
import { pause } from "../rig/quick-timers.ts";
import { faultRun, runs, tell } from "../size.ts";
import { type StockInput, type StockOutput, stockModel } from "../stock-model.ts";

const CLIENTS = 4;
const CALLS_EACH = 5;
const DELAY_MAX_MS = 3;
const HOLD_MS = 60 * 60_000;

type Op = Operation<StockInput, StockOutput>;
type Stocks = { readonly SKU_STOCK: DurableObjectNamespace };

/** One history: its moments are counted, not measured. */
class Clients {
  readonly operations: Op[] = [];
  readonly #random: Random;
  readonly #sku: string;
  readonly #opening: Opening;
  readonly #late: Promise<unknown>[] = [];
  #moment = 0;

  constructor(random: Random, sku: string, shelf: number) {
    this.#random = random;
    this.#sku = sku;
    this.#opening = { sku, backorderable: false, balances: [{ location: "main", quantity: shelf }] };
  }

  async run(): Promise<void> {
    const crash = this.#random.oneIn(3) ? [this.#crash()] : [];
    await Promise.all([...Array.from({ length: CLIENTS }, () => this.#client()), ...crash]);
    await Promise.all(this.#late);
  }

  async #client(): Promise<void> {
    for (let calls = 0; calls < CALLS_EACH; calls++) {
      const input = drawInput(this.#random);
      await pause(this.#random.integer(0, DELAY_MAX_MS));
      const known = await this.#call(input);
      if (!known && this.#random.oneIn(2)) await this.#call(input);
    }
  }

  /** @returns false when the caller never learns what became of it. */
  async #call(input: StockInput): Promise<boolean> {
    const calledAt = this.#moment++;
    const fate = this.#random.integer(0, 11);
    if (fate === 0) return this.#note(input, calledAt, undefined);
    if (fate === 1) {
      this.#late.push(pause(this.#random.integer(1, 4 * DELAY_MAX_MS)).then(() => this.#ask(input)));
      return this.#note(input, calledAt, undefined);
    }
    const answer = await this.#ask(input);
    await pause(this.#random.integer(0, DELAY_MAX_MS));
    return this.#note(input, calledAt, fate === 2 ? undefined : answer);
  }

  #note(input: StockInput, calledAt: number, output: StockOutput | undefined): boolean {
    this.operations.push({ input, output, calledAt, answeredAt: this.#moment++ });
    return output !== undefined;
  }

  /** Undefined: the call broke off. */
  async #ask(input: StockInput): Promise<StockOutput | undefined> {
    try {
      return await ask(this.#stub() as unknown as SkuStockApi, input, this.#opening);
    } catch {
      return undefined;
    }
  }

  async #crash(): Promise<void> {
    await pause(this.#random.integer(2, 4 * DELAY_MAX_MS));
    await abortObject(this.#stub());
  }

  #stub(): DurableObjectStub {
    return (env as unknown as Stocks).SKU_STOCK.getByName(this.#sku);
  }
}

/** An object that nobody opened yet has its opening balance and no holds. */
async function ask(stock: SkuStockApi, input: StockInput, opening: Opening): Promise<StockOutput> {
  if (input.ask === "available") {
    const level = await stock.readLevel();
    return level.ok ? level.value.available : (opening.balances[0]?.quantity ?? 0);
  }
  const answer = await send(stock, input, opening);
  if (answer.ok) return "ok";
  return answer.error.code === "unopened" ? "hold_unknown" : answer.error.code;
}

function send(stock: SkuStockApi, input: Exclude<StockInput, { readonly ask: "available" }>, opening: Opening) {
  const context = newContext();
  switch (input.ask) {
    case "hold":
      return stock.hold({ holdId: input.id, quantity: input.units, expiresAtMs: Date.now() + HOLD_MS }, context, opening);
    case "commit":
      return stock.commit(input.id, context);
    case "release":
      return stock.release(input.id, context, opening);
    case "cancel":
      return stock.cancel(input.id, context, opening);
    case "adjust":
      return stock.adjust({ key: input.id, quantity: input.units, location: null, reference: null }, context, opening);
  }
}

function drawInput(random: Random): StockInput {
  const id = random.pick(["a", "b", "c", "d"]);
  const what = random.pick(["hold", "hold", "hold", "commit", "commit", "release", "cancel", "adjust", "available"] as const);
  if (what === "available") return { ask: what };
  if (what === "hold") return { ask: what, id, units: random.integer(1, 2) };
  return what === "adjust" ? { ask: what, id, units: random.pick([-1, 1, 2]) } : { ask: what, id };
}

function story(operations: readonly Op[]): string {
  return operations
    .toSorted((one, other) => one.calledAt - other.calledAt)
    .map(({ calledAt, answeredAt, input, output }) => `${calledAt}–${answeredAt}  ${JSON.stringify(input)} → ${output ?? "lost"}`)
    .join("\n");
}

describe("one SKU's concurrent history (F10)", () => {
  it("is that of a single careful clerk", { timeout: 1_200_000 }, async ({ task }) => {
    startClock();
    const { seed } = faultRun();
    const histories = runs({ quick: 50, full: 2_000 });
    for (let index = 0; index < histories; index++) {
      const random = new Random(seed + index);
      const shelf = random.integer(0, 4);
      const clients = new Clients(random, `F10-${seed}-${index}`, shelf);
      await clients.run();
      if (!isLinearizable(clients.operations, stockModel(shelf))) {
        expect.fail(
          `not linearizable, shelf ${shelf}; HOLDFAST_SEED=${seed + index} asks the same, at moments that are never quite the same:\n${story(clients.operations)}`,
        );
      }
    }
    tell(task, { row: "F10", what: "concurrent histories of one SKU", histories });
  });
});
