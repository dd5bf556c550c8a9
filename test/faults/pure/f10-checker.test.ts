/** The checker itself: what it lets pass, and that it refuses histories which no single object can have given (F10). */
import { describe, expect, it } from "vitest";
import { isLinearizable, type Operation } from "../linearizability.ts";
import { Random } from "../random.ts";
import { faultRun } from "../size.ts";
import { type StockInput, type StockOutput, stockModel } from "../stock-model.ts";

type Op = Operation<StockInput, StockOutput>;

function op(calledAt: number, answeredAt: number, input: StockInput, output?: StockOutput): Op {
  return { calledAt, answeredAt, input, output };
}

const hold = (id: string, units: number): StockInput => ({ ask: "hold", id, units });
const commit = (id: string): StockInput => ({ ask: "commit", id });
const release = (id: string): StockInput => ({ ask: "release", id });
const cancel = (id: string): StockInput => ({ ask: "cancel", id });
const available: StockInput = { ask: "available" };

const POSSIBLE: Readonly<Record<string, readonly Op[]>> = {
  "two holds of the last unit at once, one of which gets it": [op(0, 5, hold("a", 2), "ok"), op(1, 4, hold("b", 2), "short")],
  "a reader that is late and sees the stock before the hold": [op(0, 9, available, 2), op(1, 2, hold("a", 1), "ok")],
  "a hold whose answer was lost, and which took effect": [op(0, 1, hold("a", 2)), op(2, 3, available, 0)],
  "a hold whose answer was lost, and which never arrived": [op(0, 1, hold("a", 2)), op(2, 3, available, 2)],
  "a lost hold that arrives after somebody has looked": [op(0, 1, hold("a", 2)), op(2, 3, available, 2), op(4, 5, available, 0)],
  "a release that overtakes its hold": [op(0, 9, hold("a", 1), "already_released"), op(1, 2, release("a"), "ok")],
};

const IMPOSSIBLE: Readonly<Record<string, readonly Op[]>> = {
  "the last unit held twice": [op(0, 5, hold("a", 2), "ok"), op(1, 4, hold("b", 2), "ok")],
  "a stale reading after the hold was answered": [op(0, 1, hold("a", 1), "ok"), op(2, 3, available, 2)],
  "a lost hold that takes effect and then did not": [op(0, 1, hold("a", 2)), op(2, 3, available, 0), op(4, 5, available, 2)],
  "a false sold-out while nothing is held": [op(0, 1, hold("a", 2), "short")],
  "a hold committed and released": [op(0, 1, hold("a", 1), "ok"), op(2, 5, commit("a"), "ok"), op(3, 4, release("a"), "ok")],
  "a hold that arrives after its release and is let in": [op(0, 1, release("a"), "ok"), op(2, 3, hold("a", 1), "ok")],
  "units put back twice by a repeated cancellation": [
    op(0, 1, hold("a", 1), "ok"),
    op(2, 3, commit("a"), "ok"),
    op(4, 7, cancel("a"), "ok"),
    op(5, 6, cancel("a"), "ok"),
    op(8, 9, available, 3),
  ],
  "a hold that was released and is held again": [
    op(0, 9, hold("a", 1), "ok"),
    op(1, 2, available, 1),
    op(3, 4, release("a"), "ok"),
    op(5, 6, hold("a", 1), "ok"),
  ],
};

describe("the checker of concurrent histories (F10)", () => {
  it.each(Object.entries(POSSIBLE))("lets pass %s", (_, history) => {
    expect(isLinearizable(history, stockModel(2))).toBe(true);
  });

  it.each(Object.entries(IMPOSSIBLE))("refuses %s", (_, history) => {
    expect(isLinearizable(history, stockModel(2))).toBe(false);
  });

  it("lets pass every history of the model itself, and refuses nearly all in which one answer was falsified", () => {
    const { seed } = faultRun();
    let refused = 0;
    const histories = 200;
    for (let index = 0; index < histories; index++) {
      const random = new Random(seed + index);
      const history = historyOfModel(random, 12);
      expect(isLinearizable(history, stockModel(3)), `seed ${seed + index}`).toBe(true);
      const at = random.integer(0, history.length - 1);
      const lie = history.map((operation, place) => (place === at ? { ...operation, output: 99 } : operation));
      if (!isLinearizable(lie, stockModel(3))) refused += 1;
    }
    expect(refused).toBe(histories);
  });
});

/** Operations that overlap as they like, with the answers of one object that took them in some order. */
function historyOfModel(random: Random, length: number): Op[] {
  const model = stockModel(3);
  let state = model.initial;
  return Array.from({ length }, (_, index) => {
    const input = drawInput(random);
    const next = model.apply(state, input);
    state = next.state;
    const moment = 100 * index;
    return op(moment - random.integer(0, 400), moment + random.integer(0, 400), input, next.output);
  });
}

function drawInput(random: Random): StockInput {
  const id = random.pick(["a", "b", "c"]);
  const ask = random.pick(["hold", "hold", "commit", "release", "cancel", "adjust", "available"] as const);
  if (ask === "available") return { ask };
  if (ask === "hold") return { ask, id, units: random.integer(1, 2) };
  return ask === "adjust" ? { ask, id, units: random.pick([-1, 1, 2]) } : { ask, id };
}
