/** How shops oversell and lose units: bugs of the SKU's object and of inventory. */
import { type SeededBug, SIMULATED_HISTORIES } from "./seeded-bug.ts";

const SKU_STOCK = "durable-objects/sku-stock";
const RESOLUTION = `${SKU_STOCK}/decide-resolution.ts`;
const STOCK_HISTORIES = {
  file: "test/unit/inventory/stock-model.test.ts",
  test: "keeps the books while nothing may be sold beyond stock",
};

export const STOCK_BUGS: readonly SeededBug[] = [
  {
    name: "hold-not-deduplicated",
    breaks: "I5",
    why: "A hold that is retried after a lost answer takes its units a second time.",
    patches: [
      {
        file: `${SKU_STOCK}/decide-hold.ts`,
        find: "known === undefined ? take(draft, command) : answerAgain(draft.current(known), command)",
        replace: "take(draft, command)",
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "check-then-hold-across-an-await",
    breaks: "I1",
    why: "Stock is checked, something is awaited, and the units are taken although somebody else took them meanwhile.",
    patches: [
      {
        file: `${SKU_STOCK}/index.ts`,
        find: "    return this.#hold(command, context, opening);\n",
        replace: `    const opens = (opening?.balances ?? []).reduce((sum, balance) => sum + balance.quantity, 0);
    const enough = (this.#store.opened ? this.#view().available : opens) >= command.quantity;
    await scheduler.wait(1);
    return this.#change(context, opening, (state, decision) =>
      decideHold(enough ? { ...state, backorderable: true } : state, this.#store.hold(command.holdId), command, decision),
    );
`,
      },
    ],
    caughtBy: {
      file: "test/service/inventory/hold-cart.test.ts",
      test: "sells exactly 50 to 200 concurrent buyers of a stock of 50",
    },
  },
  {
    name: "outcome-of-another-hold",
    breaks: "I4",
    why: "Holds that share a call get each other's outcome: who was sold out is charged, and who holds the unit is turned away.",
    patches: [
      {
        file: "durable-objects/checkout-partition/gathering.ts",
        find: "batch[index]?.resolve(answer)",
        replace: "batch[batch.length - 1 - index]?.resolve(answer)",
      },
    ],
    caughtBy: {
      file: "test/unit/checkout/hold-together.test.ts",
      test: "share one call while another is in flight, and the first who came get the last units",
    },
  },
  {
    name: "lines-of-one-sku-not-summed",
    breaks: "I1",
    why: "Two lines of the same SKU are checked one by one, and each of them fits.",
    patches: [
      {
        file: "workers/inventory/sum-lines.ts",
        find: "[...quantities].map(([sku, quantity]) => ({ sku, quantity }))",
        replace: "[...lines]",
      },
    ],
    caughtBy: {
      file: "test/faults/shop/f12-stock.test.ts",
      test: "never: two lines of the same SKU pass the stock check separately",
    },
  },
  {
    name: "partial-hold-kept",
    breaks: "I1",
    why: "A cart that is short of one SKU keeps the units of the others: they leak until the hold expires.",
    patches: [
      {
        file: "workers/inventory/hold-cart.ts",
        find: `result: err({ code: "out_of_stock", shortages }), release: held }`,
        replace: `result: err({ code: "out_of_stock", shortages }), release: [] }`,
      },
    ],
    caughtBy: {
      file: "test/unit/inventory/decisions.test.ts",
      test: "puts a shortage before an id that was resolved, and frees the rest",
    },
  },
  {
    name: "no-tombstone",
    breaks: "I2",
    why: "A release that overtakes its hold is forgotten, and the late hold keeps units that nobody will free.",
    patches: [
      {
        file: RESOLUTION,
        find: "  if (hold === undefined) draft.putHold(undefined, tombstone(holdId));\n",
        replace: "",
      },
    ],
    caughtBy: { file: "test/faults/shop/f10-linearizability.test.ts", test: "is that of a single careful clerk" },
  },
  {
    name: "expired-hold-commits",
    breaks: "I2",
    why: "A payment that came too late sells units that were promised to the next buyer meanwhile.",
    patches: [
      {
        file: RESOLUTION,
        find: "  expireDueHolds(draft);\n  const result = known === undefined ? err(",
        replace: "  const result = known === undefined ? err(",
      },
    ],
    caughtBy: STOCK_HISTORIES,
  },
  {
    name: "release-frees-twice",
    breaks: "I2",
    why: "A repeated or late release gives units back that the hold no longer has.",
    patches: [
      {
        file: RESOLUTION,
        find: `if (hold?.state !== "held") return;`,
        replace: `if (hold === undefined || hold.state === "committed") return;`,
      },
    ],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "cancel-puts-back-twice",
    breaks: "I1",
    why: "Compensation that runs twice puts the sold units back on the shelf twice.",
    patches: [{ file: RESOLUTION, find: "  if (hold.putBack) return;\n", replace: "" }],
    caughtBy: SIMULATED_HISTORIES,
  },
  {
    name: "restock-not-deduplicated",
    breaks: "I5",
    why: "A restock whose answer was lost is retried and counted twice.",
    patches: [
      {
        file: `${SKU_STOCK}/index.ts`,
        find: "if (decided.result.ok && applied === undefined) this.#store.rememberKey(kind, command.key, fingerprintOf(command));",
        replace: "",
      },
    ],
    caughtBy: { file: "test/service/inventory/hold-cart.test.ts", test: "restocks once per reference and SKU" },
  },
  {
    name: "stock-retry-forgotten",
    breaks: "I6",
    why: "A failed publication is not tried again: followers hear of it when somebody buys next, or by the alarm behind it.",
    patches: [
      {
        file: `${SKU_STOCK}/index.ts`,
        find: `{ failures: this.#publishFailures });
    }
    this.#arm(systemClock.now());`,
        replace: `{ failures: this.#publishFailures });
    }`,
      },
    ],
    caughtBy: {
      file: "test/service/inventory/publishing.test.ts",
      test: "sends every movement past the cursor once, in order, after failures",
    },
  },
  {
    name: "stock-cursor-before-send",
    breaks: "I6",
    why: "The log counts as published before the queue took it, so that a failed send is never repeated.",
    patches: [
      {
        file: `${SKU_STOCK}/publish-movements.ts`,
        find: "    await guarded(SEND_POLICY, () => Promise.all(publication.queues.map((queue) => queue.sendBatch(messages))));\n",
        replace: `    publication.markPublished(last.sequence);
    await Promise.all(publication.queues.map((queue) => queue.sendBatch(messages)));
`,
      },
    ],
    caughtBy: { file: "test/unit/inventory/publish-movements.test.ts", test: "marks nothing of a batch that one queue refused" },
  },
  {
    name: "restock-of-any-sale",
    breaks: "I1",
    why: "A SKU was set back to before a sale. The sale is cancelled, and units come back that never left.",
    patches: [
      {
        file: `${SKU_STOCK}/decide-restock.ts`,
        find: "wasSold(known) ? Math.min(command.quantity, known.quantity) : 0",
        replace: "command.quantity",
      },
    ],
    caughtBy: {
      file: "test/unit/inventory/decisions.test.ts",
      test: "puts back no units of a sale that it does not know, and what it knows once",
    },
  },
];
