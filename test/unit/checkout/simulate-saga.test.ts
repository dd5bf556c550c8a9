/**
 * The saga's core under a seeded scheduler: calls that fail before or after their effect, crashes that forget everything
 * since the last write, clock jumps, shoppers that pay late or never, other buyers, operators that cancel.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { abortSaga, advanceSaga, callOf, mustWrite, wakeSaga } from "../../../durable-objects/checkout-partition/saga.ts";
import {
  type Saga,
  type SagaAnswer,
  type SagaCall,
  type SagaFacts,
  startSaga,
} from "../../../durable-objects/checkout-partition/saga-state.ts";
import { type CardBehaviour, ModelPeers } from "./model-peers.ts";

const ORDER = "ord_1";
const HOLD_MS = 15 * 60_000;
const RUNS = Number(process.env["HOLDFAST_SIMULATION_RUNS"] ?? 20_000);

const Happening = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: "step" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lose_request" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lose_answer" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "crash" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "crash_after_call" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("clock" as const), ms: fc.integer({ min: -60_000, max: 20 * 60_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("shopper" as const),
      does: fc.constantFrom("authorized" as const, "declined" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "bank_cancels" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "nudge" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "cancel" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("other_buyer" as const), units: fc.integer({ min: 1, max: 3 }) }) },
);
type Happening = typeof Happening extends fc.Arbitrary<infer H> ? H : never;

const Scenario = fc.record({
  card: fc.constantFrom<CardBehaviour>("authorized", "declined", "requires_action", "rejected"),
  amountMinor: fc.constantFrom(0, 1_999),
  stock: fc.integer({ min: 0, max: 4 }),
  happenings: fc.array(Happening, { maxLength: 40 }),
});

/** The object around the core, in memory: `written` survives a crash, `saga` does not. */
class Simulation {
  readonly peers = new ModelPeers();
  readonly facts: SagaFacts;
  written: Saga;
  saga: Saga;
  nowMs = 1_000_000;

  constructor(card: CardBehaviour, amountMinor: number, stock: number) {
    this.peers.card = card;
    this.peers.stock.set("A", stock);
    this.facts = {
      orderId: ORDER,
      amountMinor,
      currency: "GBP",
      lines: [{ sku: "A", quantity: 2 }],
      paymentMethod: "pm_card",
      returnUrl: "https://shop.test/",
      holdMs: HOLD_MS,
    };
    this.saga = this.written = startSaga(this.nowMs, HOLD_MS);
  }

  write(): void {
    if (mustWrite(this.written, this.saga)) this.written = this.saga;
  }

  wake(nudged: boolean): void {
    this.saga = wakeSaga(this.saga, this.facts, this.nowMs, nudged);
    this.write();
  }

  call(outcome: "answer" | "lose_request" | "lose_answer" | "crash_after_call"): void {
    this.wake(false);
    const call = callOf(this.saga, this.facts);
    if (call === null) return;
    const answer = outcome === "lose_request" ? silence(call) : this.peers.answer(call, this.nowMs);
    if (outcome === "crash_after_call") {
      this.crash();
      return;
    }
    this.saga = advanceSaga(this.saga, this.facts, outcome === "answer" ? answer : silence(call), this.nowMs);
    this.write();
  }

  crash(): void {
    this.saga = this.written;
  }

  cancel(): void {
    const aborted = abortSaga(this.written, { code: "cancelled", reason: "test" });
    if (aborted === undefined || this.written.step === "ended") return;
    this.saga = this.written = aborted;
  }

  happen(happening: Happening): void {
    const { kind } = happening;
    if (kind === "step") this.call("answer");
    else if (kind === "lose_request" || kind === "lose_answer" || kind === "crash_after_call") this.call(kind);
    else if (kind === "crash") this.crash();
    else if (kind === "clock") this.nowMs += happening.ms;
    else if (kind === "shopper") this.peers.act(ORDER, happening.does);
    else if (kind === "bank_cancels") this.peers.act(ORDER, "cancelled");
    else if (kind === "nudge") this.wake(true);
    else if (kind === "cancel") this.cancel();
    else this.peers.stock.set("A", Math.max(0, (this.peers.stock.get("A") ?? 0) - happening.units));
  }

  /** The faults are over: the alarm rings until nothing is left to do. */
  settle(): void {
    this.crash();
    for (let rings = 0; rings < 200 && this.saga.step !== "ended"; rings++) {
      this.nowMs += 30_000;
      this.call("answer");
    }
  }
}

function silence(call: SagaCall): SagaAnswer {
  const result = { ok: false, error: { code: "unavailable", service: "peer", reason: "failed", message: "lost" } } as const;
  return { call: call.call, result } as SagaAnswer;
}

function endsWell({ saga, peers, facts, nowMs }: Simulation): void {
  const money = peers.money(ORDER);
  expect(saga.step).toBe("ended");
  expect(money.reserved).toBe(false);
  if (saga.failure === null) {
    expect(money.keptMinor).toBe(facts.amountMinor);
    expect(peers.unitsOut(ORDER)).toBe(2);
  } else {
    expect(money.keptMinor).toBe(0);
    expect(peers.unitsOut(ORDER)).toBe(0);
  }
  expect(peers.liveHolds(ORDER, nowMs)).toBe(0);
}

describe("the checkout saga under random faults", () => {
  it("always ends placed and paid, or with nothing held and nothing charged", () => {
    let placed = 0;
    let failed = 0;
    fc.assert(
      fc.property(Scenario, ({ card, amountMinor, stock, happenings }) => {
        const simulation = new Simulation(card, amountMinor, stock);
        for (const happening of happenings) simulation.happen(happening);
        simulation.settle();
        endsWell(simulation);
        if (simulation.saga.failure === null) placed += 1;
        else failed += 1;
      }),
      { numRuns: RUNS },
    );
    expect(placed).toBeGreaterThan(RUNS / 50);
    expect(failed).toBeGreaterThan(RUNS / 50);
  });

  it("never charges while the saga can still fail for want of stock", () => {
    fc.assert(
      fc.property(Scenario, ({ card, amountMinor, stock, happenings }) => {
        const simulation = new Simulation(card, amountMinor, stock);
        for (const happening of happenings) {
          simulation.happen(happening);
          if (simulation.peers.money(ORDER).keptMinor > 0) expect(simulation.peers.unitsOut(ORDER)).toBe(2);
        }
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
