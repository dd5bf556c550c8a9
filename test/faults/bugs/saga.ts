/** How shops charge without an order, or promise without stock: bugs of the checkout saga's core. */
import { type SeededBug, SIMULATED_HISTORIES } from "./seeded-bug.ts";

const SAGA = "durable-objects/checkout-partition/saga.ts";

export const SAGA_BUGS: readonly SeededBug[] = [
  {
    name: "capture-before-commit",
    breaks: "I4",
    why: "Money is taken before the stock is, so that a shopper pays for what is sold out.",
    patches: [
      {
        file: SAGA,
        find: `go({ ...seen, failure: null }, "committing")`,
        replace: `go({ ...seen, failure: null }, "capturing")`,
      },
      {
        file: SAGA,
        find: `if (result.ok) return result.value.status === "captured" ? go(saga, "ended") : waitAndRetry(saga, nowMs);`,
        replace: `if (result.ok) return go(saga, "committing");`,
      },
      { file: SAGA, find: `facts.amountMinor === 0 ? "ended" : "capturing"), committed`, replace: `"ended"), committed` },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "decline-leaves-hold",
    breaks: "I4",
    why: "A declined card ends the order but not its hold: units are sold out for nobody.",
    patches: [
      {
        file: SAGA,
        find: "return fail(saga, saga.failure ?? result.error);",
        replace: `return { ...go(saga, "ended"), failure: saga.failure ?? result.error };`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "no-void-on-compensation",
    breaks: "I4",
    why: "A failed order frees its stock but leaves the shopper's money reserved for days.",
    patches: [{ file: SAGA, find: `saga.payment === null ? "releasing" : "voiding"`, replace: `"releasing"` }],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "captured-money-kept",
    breaks: "I4",
    why: "Compensation finds the money already captured, cannot void it, and keeps it.",
    patches: [
      {
        file: SAGA,
        find: `result.error.status === "captured" ? "refunding" : "releasing"`,
        replace: `"releasing"`,
      },
    ],
    caughtBy: { file: "test/unit/checkout/saga-end.test.ts", test: "voiding: void finds it captured → refund" },
  },
  {
    name: "late-success-ignored",
    breaks: "I4",
    why: "The hold runs out while the shopper is at the bank; the order is given up without looking at the payment.",
    patches: [
      {
        file: SAGA,
        find: `  if (saga.step === "awaiting_payment" && (nudged`,
        replace: `  if (saga.step === "awaiting_payment" && nowMs >= saga.holdExpiresAtMs) return { ...go(saga, "releasing"), failure: { code: "payment_expired" } };
  if (saga.step === "awaiting_payment" && (nudged`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "late-success-sells-freed-stock",
    breaks: "I4",
    why: "A commit that is refused because the hold ran out is taken for a success: paid, and no stock.",
    patches: [
      {
        file: SAGA,
        find: `return answer.result.error.code === "hold_expired" ? holdAgain(saga, facts, nowMs) : waitAndRetry(saga, nowMs);`,
        replace: `return { ...go(saga, "capturing"), committed: true };`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "unanswered-commit-counts-as-done",
    breaks: "I4",
    why: "A commit that got no answer counts as done, and the money is taken for stock that is still on the shelf.",
    patches: [
      {
        file: SAGA,
        find: `"hold_expired" ? holdAgain(saga, facts, nowMs) : waitAndRetry(saga, nowMs);`,
        replace: `"hold_expired" ? holdAgain(saga, facts, nowMs) : go(saga, "capturing");`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "unanswered-release-counts-as-done",
    breaks: "I2",
    why: "A release that got no answer counts as done: its units are sold out for nobody.",
    patches: [
      {
        file: SAGA,
        find: `committed: true };
      return waitAndRetry(saga, nowMs);`,
        replace: `committed: true };
      return go(saga, "ended");`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "waiting-not-written",
    breaks: "I7",
    why: "An order that sends its shopper to the bank does not write that it waits, and nobody can resume it.",
    patches: [
      {
        file: SAGA,
        find: `    return !(written.step === "awaiting_payment" && next.step === "awaiting_payment");`,
        replace: `    return next.step === "ended";`,
      },
    ],
    caughtBy: {
      file: "test/service/orders/partition-checkout.test.ts",
      test: "waits with its number, and is placed once when webhook and return race",
    },
  },
  {
    name: "silence-is-refusal",
    breaks: "I4",
    why: "A payment call that timed out counts as declined, although the provider reserved the money.",
    patches: [
      {
        file: SAGA,
        find: `    case "payment_rejected":
      return fail(saga, saga.failure ?? result.error);
    case "provider_unavailable":
    case "unavailable":
      return waitAndRetry(saga, nowMs);`,
        replace: `    case "payment_rejected":
    case "provider_unavailable":
    case "unavailable":
      return fail(saga, { code: "payment_rejected", message: "no answer" });`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "payment-of-another-order",
    breaks: "I4",
    why: "Whatever payment the provider names is taken for this order's, whatever its amount.",
    patches: [{ file: SAGA, find: "if (!isOf(payment, facts)) return", replace: "if (false) return" }],
    caughtBy: {
      file: "test/unit/checkout/saga.test.ts",
      test: "never takes the payment of another order, amount or currency for its own",
    },
  },
];
