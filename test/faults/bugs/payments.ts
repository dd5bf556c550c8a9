/** How shops charge twice or believe strangers: bugs of the payments service. */
import type { SeededBug } from "./seeded-bug.ts";

const PAYMENTS = "workers/payments";
const PAYMENT_TESTS = "test/service/payments/payments.test.ts";
const WEBHOOK_TESTS = "test/service/payments/webhooks.test.ts";

export const PAYMENT_BUGS: readonly SeededBug[] = [
  {
    name: "retry-with-a-new-key",
    breaks: "I5",
    why: "Every try of a charge has an idempotency key of its own, so that a retry charges again.",
    patches: [
      {
        file: `${PAYMENTS}/authorize-payment.ts`,
        find: "`authorize:$",
        replace: "crypto.randomUUID() + `authorize:$",
      },
    ],
    caughtBy: { file: PAYMENT_TESTS, test: "reserves the money once for one order, asked twice at the same time or later" },
  },
  {
    name: "charge-after-the-key-window",
    breaks: "I5",
    why: "An order that is resumed after a day is charged again, because the provider has forgotten its key.",
    patches: [
      {
        file: `${PAYMENTS}/authorize-payment.ts`,
        find: "madeAtMs === undefined || desk.now() - madeAtMs > KEY_WINDOW_MS",
        replace: "madeAtMs === undefined",
      },
    ],
    caughtBy: {
      file: PAYMENT_TESTS,
      test: "finds an old order's payment by its metadata when even our row is gone",
    },
  },
  {
    name: "refund-twice-on-retry",
    breaks: "I3",
    why: "A refund whose answer was lost is paid a second time.",
    patches: [
      { file: `${PAYMENTS}/refund-payment.ts`, find: "  if (known.value === null) {", replace: "  if (true) {" },
      {
        file: `${PAYMENTS}/refund-payment.ts`,
        find: "`refund:$",
        replace: "crypto.randomUUID() + `refund:$",
      },
    ],
    caughtBy: { file: PAYMENT_TESTS, test: "pays back once per refund id, asked twice at the same time or later" },
  },
  {
    name: "webhook-signature-not-verified",
    breaks: "I4",
    why: "Anybody who finds the webhook's address can tell the shop that an order is paid.",
    patches: [
      {
        file: `${PAYMENTS}/receive-webhook.ts`,
        find: `"unknown");
    return undefined;`,
        replace: `"unknown");
    return JSON.parse(body);`,
      },
    ],
    caughtBy: { file: WEBHOOK_TESTS, test: "that was altered, is stale, unsigned or signed by somebody else is refused" },
  },
  {
    name: "webhook-age-not-checked",
    breaks: "I4",
    why: "A webhook that somebody recorded can be played again for ever.",
    patches: [{ file: `${PAYMENTS}/receive-webhook.ts`, find: "TOLERANCE_SECONDS = 300", replace: "TOLERANCE_SECONDS = 0" }],
    caughtBy: { file: WEBHOOK_TESTS, test: "that was altered, is stale, unsigned or signed by somebody else is refused" },
  },
  {
    name: "webhook-amount-not-checked",
    breaks: "I4",
    why: "A payment of one penny, or of another order, completes this one.",
    patches: [
      {
        file: `${PAYMENTS}/judge-webhook.ts`,
        find: "row.orderId !== news.orderId || row.amountMinor !== news.amountMinor || row.currency !== news.currency",
        replace: "false",
      },
    ],
    caughtBy: { file: WEBHOOK_TESTS, test: "whose amount is not the payment's has no effect" },
  },
  {
    name: "webhook-marked-before-told",
    breaks: "I6",
    why: "The webhook counts as done before the order was told: a failure in between loses the payment's news.",
    patches: [
      {
        file: `${PAYMENTS}/receive-webhook.ts`,
        find: "  const told = await resume(desk, news.orderId);\n",
        replace: `  await mark(desk, event, news, "applied").run();\n  const told = await resume(desk, news.orderId);\n`,
      },
    ],
    caughtBy: {
      file: WEBHOOK_TESTS,
      test: "is not done before the order was told: the provider sends it again, and then it works",
    },
  },
  {
    name: "late-webhook-wins",
    breaks: "I3",
    why: "A webhook that arrives out of order takes a captured payment back to waiting.",
    patches: [
      {
        file: `${PAYMENTS}/payment-rows.ts`,
        find: "status = CASE WHEN $",
        replace: "status = CASE WHEN TRUE OR $",
      },
      { file: `${PAYMENTS}/payment-rows.ts`, find: "    AND ($", replace: "    AND (TRUE OR $" },
    ],
    caughtBy: { file: WEBHOOK_TESTS, test: "whose order goes on to capture while it is told leaves the row captured" },
  },
];
