/** The saga's core from the commit on, and all the way back: what each answer leads to. */
import { describe, expect, it } from "vitest";
import { advanceSaga } from "../../../durable-objects/checkout-partition/saga.ts";
import { err, ok } from "../../../workers/shared/result.ts";
import { at, type Branch, FACTS, NOW, PAID, PROVIDER_DOWN, payment, SILENT } from "./saga-branches.ts";

const FINISHING: readonly Branch[] = [
  {
    title: "committed → capture",
    from: at("committing", { payment: PAID }),
    answer: { call: "commit", result: ok(null) },
    to: { step: "capturing", committed: true },
  },
  {
    title: "committed and free → placed",
    from: at("committing"),
    facts: { ...FACTS, amountMinor: 0 },
    answer: { call: "commit", result: ok(null) },
    to: { step: "ended", failure: null, committed: true },
  },
  {
    title: "hold ran out → hold again",
    from: at("committing", { payment: PAID }),
    answer: { call: "commit", result: err({ code: "hold_expired", skus: ["A"] }) },
    to: { step: "holding", attempt: 2, payment: PAID },
  },
  {
    title: "hold ran out too often → void",
    from: at("committing", { payment: PAID, attempt: 8 }),
    answer: { call: "commit", result: err({ code: "hold_expired", skus: ["A"] }) },
    to: { step: "voiding" },
  },
  {
    title: "commit unanswered → wait",
    from: at("committing"),
    answer: { call: "commit", result: SILENT },
    to: { step: "committing", tries: 1 },
  },
  {
    title: "captured → placed",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: ok(payment("captured")) },
    to: { step: "ended", failure: null },
  },
  {
    title: "capture under way → wait",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: ok(payment("processing")) },
    to: { step: "capturing", tries: 1 },
  },
  {
    title: "captured before → placed",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: err({ code: "not_capturable", status: "captured" }) },
    to: { step: "ended", failure: null },
  },
  {
    title: "not capturable → back",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: err({ code: "not_capturable", status: "cancelled" }) },
    to: { step: "voiding" },
  },
  {
    title: "payment gone → back",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: err({ code: "payment_unknown" }) },
    to: { step: "voiding" },
  },
  {
    title: "capture unanswered → wait",
    from: at("capturing", { payment: PAID }),
    answer: { call: "capture", result: SILENT },
    to: { step: "capturing", tries: 1 },
  },
];

const BACK: readonly Branch[] = [
  {
    title: "voided → release",
    from: at("voiding", { payment: PAID }),
    answer: { call: "void", result: ok(payment("cancelled")) },
    to: { step: "releasing" },
  },
  {
    title: "void finds it captured → refund",
    from: at("voiding", { payment: PAID }),
    answer: { call: "void", result: err({ code: "not_capturable", status: "captured" }) },
    to: { step: "refunding" },
  },
  {
    title: "void finds it declined → release",
    from: at("voiding", { payment: PAID }),
    answer: { call: "void", result: err({ code: "not_capturable", status: "declined" }) },
    to: { step: "releasing" },
  },
  {
    title: "void finds nothing → release",
    from: at("voiding", { payment: PAID }),
    answer: { call: "void", result: err({ code: "payment_unknown" }) },
    to: { step: "releasing" },
  },
  {
    title: "void unanswered → wait",
    from: at("voiding", { payment: PAID }),
    answer: { call: "void", result: PROVIDER_DOWN },
    to: { step: "voiding", tries: 1 },
  },
  {
    title: "refunded → release",
    from: at("refunding", { payment: PAID }),
    answer: { call: "refund", result: ok(payment("captured")) },
    to: { step: "releasing" },
  },
  {
    title: "refund unanswered → wait",
    from: at("refunding", { payment: PAID }),
    answer: { call: "refund", result: SILENT },
    to: { step: "refunding", tries: 1 },
  },
  { title: "released → ended", from: at("releasing"), answer: { call: "release", result: ok(null) }, to: { step: "ended" } },
  {
    title: "was committed → restock",
    from: at("releasing"),
    answer: { call: "release", result: err({ code: "already_committed", skus: ["A"] }) },
    to: { step: "restocking", committed: true },
  },
  {
    title: "release unanswered → wait",
    from: at("releasing"),
    answer: { call: "release", result: SILENT },
    to: { step: "releasing", tries: 1 },
  },
  { title: "restocked → ended", from: at("restocking"), answer: { call: "restock", result: ok(null) }, to: { step: "ended" } },
  {
    title: "restock unanswered → wait",
    from: at("restocking"),
    answer: { call: "restock", result: SILENT },
    to: { step: "restocking", tries: 1 },
  },
];

describe("the saga's end", () => {
  it.each([...FINISHING, ...BACK])("$from.step: $title", ({ from, answer, to, facts }) => {
    expect(advanceSaga(from, facts ?? FACTS, answer, NOW)).toMatchObject(to);
  });
});
