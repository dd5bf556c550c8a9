/** How shops make two orders of one, or none: bugs of the partition around the saga. */
import { type SeededBug, SIMULATED_HISTORIES } from "./seeded-bug.ts";

const PARTITION = "durable-objects/checkout-partition";
const OPERATE_TESTS = "test/service/orders/partition-operate.test.ts";

export const CHECKOUT_BUGS: readonly SeededBug[] = [
  {
    name: "checkout-key-not-kept",
    breaks: "I5",
    why: "The idempotency key is checked first but never written, so that a second click is a second request.",
    patches: [
      {
        file: `${PARTITION}/checkout.ts`,
        find: "  store.writeKey(cartId, idempotencyKey, bodySha256, nowMs, { orderId: order.id });\n",
        replace: "",
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "other-body-not-refused",
    breaks: "I5",
    why: "A key that comes back with another body gets the first answer, and the second request is lost without a word.",
    patches: [
      {
        file: "workers/shared/idempotency.ts",
        find: `  if (record.bodySha256 !== bodySha256) return { kind: "other_body" };\n`,
        replace: "",
      },
    ],
    caughtBy: {
      file: "test/unit/checkout/decide-key.test.ts",
      test: "starts when new, replays when answered, and is refused for another body",
    },
  },
  {
    name: "interrupted-key-runs-again",
    breaks: "I5",
    why: "A key whose first run crashed counts as free after its lease and makes a second order.",
    patches: [
      {
        file: `${PARTITION}/start-checkout.ts`,
        find: `if (!running) return { kind: "attach", orderId: key.orderId };`,
        replace: `if (!running) return nowMs - key.startedAtMs > 60_000 ? { kind: "start" } : { kind: "attach", orderId: key.orderId };`,
      },
    ],
    caughtBy: {
      file: "test/unit/checkout/decide-key.test.ts",
      test: "is in flight while its order runs, and attaches to it when the run was interrupted, however long ago",
    },
  },
  {
    name: "webhook-and-return-both-complete",
    breaks: "I5",
    why: "The provider's webhook and the shopper's return both take the same order to its end.",
    patches: [
      {
        file: `${PARTITION}/exclusive.ts`,
        find: "before === undefined ? work() : before.then(work)",
        replace: "work()",
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "effect-before-commit",
    breaks: "I7",
    why: "A peer is called before the step is written, so that a crash in between forgets what was done.",
    patches: [
      {
        file: `${PARTITION}/run-order.ts`,
        find: "      if (mustWrite(record.saga, saga)) record = this.writeSaga(record, saga, context);\n",
        replace: "      const before = saga;\n",
      },
      {
        file: `${PARTITION}/run-order.ts`,
        find: "      const answer = await performCall(peers(), this.#calls, this.#holds, call, context);\n",
        replace: `      const answer = await performCall(peers(), this.#calls, this.#holds, call, context);
      if (mustWrite(record.saga, before)) record = this.writeSaga(record, before, context);
`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "order-alarm-swallowed",
    breaks: "I7",
    why: "Nobody looks at an order again whose peer did not answer: it hangs until an operator finds it.",
    patches: [
      { file: `${PARTITION}/run-order.ts`, find: "    if (due !== null) this.#deps.arm(due);\n", replace: "" },
      { file: `${PARTITION}/index.ts`, find: "      this.#armForDue();\n", replace: "" },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "order-cursor-before-send",
    breaks: "I6",
    why: "Events count as published before the queue took them, so that a failed send loses them.",
    patches: [
      {
        file: `${PARTITION}/publish-events.ts`,
        find: "        await guarded(SEND_POLICY,",
        replace: "        log.setPublished(last.sequence);\n        await guarded(SEND_POLICY,",
      },
    ],
    caughtBy: {
      file: "test/unit/checkout/publish-events.test.ts",
      test: "keeps its place when a queue fails, and backs off until the alarm",
    },
  },
  {
    name: "number-for-failed-orders",
    breaks: "I10",
    why: "Orders that never come about use up invoice numbers, and the tax office finds holes.",
    patches: [
      {
        file: `${PARTITION}/settle-order.ts`,
        find: `  return record.number === null && (saga.step === "awaiting_payment" || (saga.step === "ended" && saga.failure === null));`,
        replace: "  return record.number === null;",
      },
    ],
    caughtBy: {
      file: OPERATE_TESTS,
      test: "number orders without a gap, skip failed attempts, and log events that parse, without a gap",
    },
  },
  {
    name: "changed-price-charged",
    breaks: "I11",
    why: "A price that changed since the shopper saw it is charged without a word.",
    patches: [
      { file: `${PARTITION}/start-checkout.ts`, find: "  if (differs(cart, requoted.value)) {", replace: "  if (false) {" },
    ],
    caughtBy: {
      file: "test/faults/shop/f12-money.test.ts",
      test: "never: the price changes between cart and payment, and the shopper pays what was never shown",
    },
  },
  {
    name: "tax-rounded-per-line",
    breaks: "I11",
    why: "Tax is rounded line by line here and once per order there, and the totals drift apart by pennies.",
    patches: [
      {
        file: `${PARTITION}/price-cart.ts`,
        find: "  return rate.included ? taxContainedIn(base, rate.rateBasisPoints) : taxOn(base, rate.rateBasisPoints);",
        replace: `  const taxed = (minor: number) => (rate.included ? taxContainedIn(minor, rate.rateBasisPoints) : taxOn(minor, rate.rateBasisPoints));
  return taxable.reduce((sum, line) => sum + taxed(subtotalOf([line])), taxed(base - subtotalOf(taxable)));`,
      },
    ],
    caughtBy: {
      file: "test/unit/checkout/price-cart.test.ts",
      test: "add the tax where it comes on top, rounded half up once per order",
    },
  },
  {
    name: "cancelled-order-captured",
    breaks: "I4",
    why: "A cancellation that arrives during the capture is forgotten: the order is paid and shipped.",
    patches: [
      {
        file: `${PARTITION}/run-order.ts`,
        find: "    if (record.cancelRequested !== null) record = this.startCancellation(record, record.cancelRequested, context);\n",
        replace: "",
      },
    ],
    caughtBy: { file: OPERATE_TESTS, test: "while the capture is unanswered is not forgotten: the alarm carries it out" },
  },
  {
    name: "refund-reserved-too-late",
    breaks: "I3",
    why: "A refund counts only once the provider has answered, so that a second one pays the same money back.",
    patches: [
      {
        file: `${PARTITION}/order-record.ts`,
        find: `(refund.step === "refused" ? 0 : refund.amountMinor)`,
        replace: `(refund.step === "refused" || refund.step === "paying" ? 0 : refund.amountMinor)`,
      },
    ],
    caughtBy: { file: OPERATE_TESTS, test: "reserves its amount while the provider is silent" },
  },
  {
    name: "refund-key-ignored",
    breaks: "I5",
    why: "An operator's double click refunds twice.",
    patches: [
      {
        file: `${PARTITION}/refund-order.ts`,
        find: "record.refunds.find((refund) => refund.key === command.idempotencyKey)",
        replace: "record.refunds.find(() => false)",
      },
    ],
    caughtBy: { file: OPERATE_TESTS, test: "happens once per key and refuses the key for another body" },
  },
];
