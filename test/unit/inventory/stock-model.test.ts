/**
 * Random histories of one SKU against a model that only adds: supply is what came in, demand is what is promised or sold.
 * After every command the books obey I1, I2 and I10, and the answer is the one the model expects.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryStock } from "./memory-stock.ts";

type ModelHold = { quantity: number; expiresAtMs: number; state: "held" | "committed" | "released" | "expired" };

class Model {
  supply: number;
  readonly holds = new Map<string, ModelHold>();
  constructor(supply: number) {
    this.supply = supply;
  }

  /** Every command writes down which holds ended before it. */
  expire(nowMs: number): void {
    for (const hold of this.holds.values()) if (hold.state === "held" && hold.expiresAtMs <= nowMs) hold.state = "expired";
  }

  /** What is promised or sold at this time. Reading past a hold's end does not end it: only commands write. */
  demand(nowMs: number): number {
    let demand = 0;
    for (const hold of this.holds.values()) {
      const live = hold.state === "committed" || (hold.state === "held" && hold.expiresAtMs > nowMs);
      if (live) demand += hold.quantity;
    }
    return demand;
  }

  available(nowMs: number): number {
    return Math.max(0, this.supply - this.demand(nowMs));
  }

  owed(nowMs: number): number {
    return Math.max(0, this.demand(nowMs) - this.supply);
  }
}

interface World {
  readonly stock: MemoryStock;
  readonly model: Model;
  readonly backorderable: boolean;
  /** One location only: then the model also knows which adjustments must be refused. */
  readonly single: boolean;
}

type Step = (world: World) => void;

/** Few ids, so that commands meet the same hold again and again. */
const holdId = fc.integer({ min: 1, max: 6 }).map((number) => `hold-${number}`);
const quantity = fc.integer({ min: 1, max: 8 });
const location = fc.constantFrom(null, "main", "leeds", "aachen", "constructor");

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(holdId, quantity, fc.integer({ min: -1, max: 40 })).map(([...args]) => holding(...args)) },
  { weight: 3, arbitrary: holdId.map(committing) },
  { weight: 2, arbitrary: holdId.map(releasing) },
  { weight: 2, arbitrary: holdId.map(cancelling) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("received", "restocked"), quantity, location).map(([...args]) => incoming(...args)),
  },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: -8, max: 8 }), location).map(([...args]) => adjusting(...args)) },
  { weight: 2, arbitrary: fc.integer({ min: -5, max: 30 }).map(waiting) },
);

function holding(id: string, units: number, endsIn: number): Step {
  return ({ stock, model, backorderable }) => {
    const expiresAtMs = stock.nowMs + endsIn;
    model.expire(stock.nowMs);
    const known = model.holds.get(id);
    const fits = backorderable || model.available(stock.nowMs) >= units;
    const result = stock.hold(id, units, expiresAtMs);
    if (known !== undefined) {
      expect(result.ok).toBe(known.state === "held" && known.quantity === units);
      return;
    }
    expect(result.ok).toBe(endsIn > 0 && fits);
    if (result.ok) model.holds.set(id, { quantity: units, expiresAtMs, state: "held" });
    else if (endsIn > 0) expect(result.error).toEqual({ code: "short", available: model.available(stock.nowMs) });
  };
}

function committing(id: string): Step {
  return ({ stock, model }) => {
    model.expire(stock.nowMs);
    const known = model.holds.get(id);
    const result = stock.commit(id);
    expect(result.ok).toBe(known?.state === "held" || known?.state === "committed");
    if (known?.state === "held") known.state = "committed";
    else if (!result.ok) {
      const code = known === undefined ? "hold_unknown" : known.state === "expired" ? "expired" : "already_released";
      expect(result.error).toEqual({ code });
    }
  };
}

function releasing(id: string): Step {
  return ({ stock, model }) => {
    model.expire(stock.nowMs);
    const known = model.holds.get(id);
    expect(stock.release(id).ok).toBe(known?.state !== "committed");
    if (known === undefined) model.holds.set(id, { quantity: 0, expiresAtMs: 0, state: "released" });
    else if (known.state === "held") known.state = "released";
  };
}

function cancelling(id: string): Step {
  return ({ stock, model }) => {
    model.expire(stock.nowMs);
    const known = model.holds.get(id);
    expect(stock.cancel(id)).toEqual({ ok: true, value: null });
    if (known === undefined) model.holds.set(id, { quantity: 0, expiresAtMs: 0, state: "released" });
    else if (known.state !== "expired") known.state = "released";
  };
}

function incoming(kind: "received" | "restocked", units: number, where: string | null): Step {
  return ({ stock, model, single }) => {
    model.expire(stock.nowMs);
    const options = { key: crypto.randomUUID(), location: single ? "main" : where };
    expect(stock.move(kind, units, options)).toEqual({ ok: true, value: null });
    const before = stock.movements.length;
    expect(stock.move(kind, units, options)).toEqual({ ok: true, value: null });
    expect(stock.move(kind, units + 1, options)).toMatchObject({ error: { code: "reused" } });
    expect(stock.movements).toHaveLength(before);
    model.supply += units;
  };
}

function adjusting(units: number, where: string | null): Step {
  return ({ stock, model, single }) => {
    if (units === 0) return;
    model.expire(stock.nowMs);
    const before = model.available(stock.nowMs);
    const result = stock.move("adjusted", units, { location: single ? "main" : where });
    if (result.ok) model.supply += units;
    if (units > 0 || single) expect(result.ok).toBe(before + units >= 0);
  };
}

function waiting(ms: number): Step {
  return ({ stock }) => {
    stock.nowMs += ms;
  };
}

function checkBooks({ stock, model }: World): void {
  const view = stock.view();
  expect([view.available, view.backordered]).toEqual([model.available(stock.nowMs), model.owed(stock.nowMs)]);
  for (const { location: place, onHand, held } of stock.balances) {
    let journal = 0;
    for (const movement of stock.movements) {
      if (movement.location !== place) continue;
      if (movement.kind === "committed") journal -= movement.quantity;
      else if (["opened", "received", "adjusted", "restocked"].includes(movement.kind)) journal += movement.quantity;
    }
    let promised = 0;
    for (const hold of stock.holds.values()) {
      if (hold.state === "held") for (const [where, units] of hold.allocation) if (where === place) promised += units;
    }
    expect({ place, onHand, held }).toEqual({ place, onHand: journal, held: promised });
    expect(held).toBeLessThanOrEqual(onHand);
    expect(held).toBeGreaterThanOrEqual(0);
  }
  expect(stock.movements.map((movement) => movement.sequence)).toEqual(stock.movements.map((_, index) => index + 1));
  const resolutions = stock.movements.filter((movement) => movement.resolvesHold).map((movement) => movement.reference);
  expect(new Set(resolutions).size).toBe(resolutions.length);
  const resolved = [...stock.holds.values()].filter((hold) => hold.quantity > 0 && hold.state !== "held");
  expect(new Set(resolutions)).toEqual(new Set(resolved.map((hold) => hold.id)));
}

function runHistory(backorderable: boolean, openings: readonly number[], steps: readonly Step[]): void {
  const places = ["main", "leeds", "york"];
  const balances = openings.map((units, index) => ({ location: places[index] ?? "main", quantity: units }));
  const world: World = {
    stock: new MemoryStock({ backorderable, balances }),
    model: new Model(openings.reduce((sum, units) => sum + units, 0)),
    backorderable,
    single: openings.length === 1,
  };
  for (const run of steps) {
    run(world);
    checkBooks(world);
  }
}

const RUNS = 1_500;
const histories = fc.array(step, { minLength: 1, maxLength: 40 });

describe("any history of one SKU", () => {
  it("keeps the books while nothing may be sold beyond stock", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), histories, (units, steps) => runHistory(false, [units], steps)),
      { numRuns: RUNS },
    );
  });

  it("keeps the books over several locations, with and without backorders", () => {
    const openings = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(fc.boolean(), openings, histories, runHistory), { numRuns: RUNS });
  });
});
