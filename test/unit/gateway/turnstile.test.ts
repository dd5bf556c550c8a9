/** Who goes first when the isolate's thread is busy, and who is sent away. */
import { describe, expect, it } from "vitest";
import { type QueuedClass, STARTS_AT_A_TIME, Turnstile } from "../../../workers/gateway/turnstile.ts";

/** A thread that does seventy calls a second comes round this often. */
const TURN_MS = (1_000 * STARTS_AT_A_TIME) / 70;

type Fate = "waits" | "begins" | "refused";

class Line {
  readonly turnstile = new Turnstile();
  readonly fates: { readonly name: QueuedClass; fate: Fate }[] = [];

  constructor() {
    // Whoever comes from now on has to wait for a turn.
    while (this.turnstile.arrive());
  }

  join(name: QueuedClass, nowMs: number): void {
    const entry = { name, fate: "waits" as Fate };
    this.fates.push(entry);
    const settle = (begins: boolean) => {
      entry.fate = begins ? "begins" : "refused";
    };
    this.turnstile.arrive();
    if (!this.turnstile.wait(name, { sinceMs: nowMs, settle })) entry.fate = "refused";
  }

  count(name: QueuedClass, fate: Fate): number {
    return this.fates.filter((entry) => entry.name === name && entry.fate === fate).length;
  }
}

describe("the turnstile", () => {
  it("lets calls begin at once that come one after the other, without a turn", () => {
    const turnstile = new Turnstile();
    for (let index = 0; index < 1_000; index++) {
      expect(turnstile.arrive()).toBe(true);
      expect(turnstile.needsTurn).toBe(false);
      turnstile.done();
    }
  });

  it("lets no more begin at a time than it should, however many end", () => {
    const turnstile = new Turnstile();
    for (let index = 0; index < 1_000; index++) turnstile.done();
    let begun = 0;
    while (turnstile.arrive()) begun += 1;
    expect(begun).toBe(STARTS_AT_A_TIME);
  });

  it("lets a checkout go before carts, and carts before new ones, whoever came first", () => {
    const line = new Line();
    const some = STARTS_AT_A_TIME * 0.75;
    for (const name of ["new_cart", "cart", "checkout"] as const) for (let index = 0; index < some; index++) line.join(name, 0);
    const begun = () => (["checkout", "cart", "new_cart"] as const).map((name) => line.count(name, "begins") / STARTS_AT_A_TIME);
    line.turnstile.turn(1);
    expect(begun()).toEqual([0.75, 0.25, 0]);
    line.turnstile.turn(2);
    expect(begun()).toEqual([0.75, 0.75, 0.5]);
  });

  it("answers a burst of 500 buyers whole when their turn comes within seconds", () => {
    for (const name of ["new_cart", "checkout"] as const) {
      const line = new Line();
      for (let index = 0; index < 500; index++) line.join(name, 0);
      for (let nowMs = 0; line.turnstile.waiting > 0; nowMs += TURN_MS) line.turnstile.turn(nowMs);
      expect(line.count(name, "begins")).toBe(500);
    }
  });

  it("sends new carts away within a second or so once they have waited in line for longer than a burst", () => {
    const line = new Line();
    const perTurn = 2.5 * STARTS_AT_A_TIME;
    let turns = 0;
    for (let nowMs = 0; nowMs < 20_000; nowMs += TURN_MS) {
      for (let index = 0; index < perTurn; index++) line.join("new_cart", nowMs);
      line.turnstile.turn(nowMs);
      turns += 1;
    }
    expect(line.count("new_cart", "begins")).toBe(turns * STARTS_AT_A_TIME);
    expect(line.turnstile.waiting).toBeLessThan((1_000 / TURN_MS + 1) * perTurn);
  });

  it("sends new carts away while those that were begun wait too long, and lets them in again after", () => {
    const line = new Line();
    const crowd = (fromMs: number, untilMs: number, cartsPerTurn: number) => {
      for (let nowMs = fromMs; nowMs < untilMs; nowMs += TURN_MS) {
        for (let index = 0; index < cartsPerTurn; index++) line.join("cart", nowMs);
        line.join("new_cart", nowMs);
        line.turnstile.turn(nowMs);
      }
    };
    crowd(0, 5_000, STARTS_AT_A_TIME + 5);
    expect(line.count("new_cart", "refused")).toBe(0);
    crowd(5_000, 12_000, STARTS_AT_A_TIME + 10);
    expect(line.count("new_cart", "refused")).toBeGreaterThan(5);
    expect(line.count("cart", "refused")).toBe(0);
    for (let nowMs = 20_000; nowMs < 40_000; nowMs += TURN_MS) line.turnstile.turn(nowMs);
    line.join("new_cart", 40_000);
    line.turnstile.turn(40_001);
    expect(line.fates.at(-1)?.fate).toBe("begins");
  });

  it("holds no more than its bound, and has no place left of one who goes", () => {
    const line = new Line();
    for (let index = 0; index < 2_000; index++) line.join("new_cart", 0);
    expect(line.turnstile.waiting).toBe(512);
    const waiter = { sinceMs: 0, settle: () => undefined };
    line.turnstile.wait("cart", waiter);
    line.turnstile.leave("cart", waiter);
    line.turnstile.leave("cart", waiter);
    expect(line.turnstile.waiting).toBe(512);
  });
});
