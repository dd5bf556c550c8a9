/** Runs seeded histories, audits the books every so often, and says how to run a failing one again. */
import { Random } from "../random.ts";
import { faultRun } from "../size.ts";
import { auditShop } from "./audit-shop.ts";
import { world } from "./outside-world.ts";

/** An audit reads all books: often enough to name the history, rarely enough to cost little. */
const HISTORIES_PER_AUDIT = 100;
const VIOLATIONS_SHOWN_MAX = 10;
const LOG_LINES_SHOWN = 5;

export class History {
  readonly number: number;
  readonly random: Random;
  readonly steps: string[] = [];

  constructor(number: number, random: Random) {
    this.number = number;
    this.random = random;
  }

  /** For whoever has to understand a failure. Name orders and SKUs: a violation is found by them. */
  note(step: string): void {
    this.steps.push(step);
  }
}

/** @param suite sets the histories of suites with the same seed apart. @throws with the history's steps and how to repeat it. */
export async function runHistories(suite: string, count: number, live: (history: History) => Promise<void>): Promise<void> {
  const { seed, size } = faultRun();
  const repeat = `HOLDFAST_SEED=${seed}${size === "full" ? " HOLDFAST_FAULTS=full" : ""}`;
  let unaudited: History[] = [];
  for (let number = 0; number < count; number++) {
    const history = new History(number, new Random(seedOf(seed, suite, number)));
    unaudited.push(history);
    try {
      await live(history);
    } catch (error) {
      const logged = world.logs.slice(-LOG_LINES_SHOWN).join("\n");
      throw new Error(`${suite}: history ${number} with ${repeat}\n${stepsOf(history)}\n${logged}`, { cause: error });
    }
    if (unaudited.length < HISTORIES_PER_AUDIT && number < count - 1) continue;
    const violations = await auditShop();
    if (violations.length > 0) throw new Error(blame(suite, repeat, violations, unaudited));
    unaudited = [];
  }
}

function seedOf(seed: number, suite: string, number: number): number {
  let mixed = seed ^ Math.imul(number + 1, 0x9e3779b1);
  for (const character of suite) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return mixed >>> 0;
}

function stepsOf({ steps }: History): string {
  return steps.map((step) => `  - ${step}`).join("\n");
}

/** A violation names an order, a hold of it, a payment or a SKU; the history that knows the name is to blame. */
function blame(suite: string, repeat: string, violations: readonly string[], histories: readonly History[]): string {
  const names = violations.flatMap((violation) => violation.match(/(?:ord|pi|cart)_\w+|SKU-\d+/g) ?? []);
  const guilty = histories.filter(({ steps }) => names.some((name) => steps.some((step) => step.includes(name))));
  const shown = guilty.slice(0, 3).map((history) => `history ${history.number}\n${stepsOf(history)}`);
  return [`${suite}: the audit found, with ${repeat}`, ...violations.slice(0, VIOLATIONS_SHOWN_MAX), ...shown].join("\n");
}
