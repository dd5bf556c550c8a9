/** What a bench run says about itself and about an earlier one. */
import { describe, expect, it } from "vitest";
import { chart } from "../../../bench/chart.ts";
import {
  asQuick,
  type Bar,
  compareRuns,
  counterpartsOf,
  type Figure,
  type Measurement,
  median,
  medianOf,
  meets,
  type ReferenceName,
  Run,
  ratio,
  spread,
  steadiness,
} from "../../../bench/figure.ts";
import { reportPage } from "../../../bench/report.ts";
import { figureRow } from "../../../bench/table.ts";

const round = (perSecond: number, p99Ms = 10, failures = 0) => ({ perSecond, p50Ms: 1, p99Ms, failures });

/** Beside a hello world of ten thousand a second in each round. */
function figure(rates: readonly number[], bar: Bar | null = null, more: Partial<Figure> = {}): Figure {
  const rounds = rates.map((rate) => round(rate));
  return {
    name: "read",
    title: "A < read",
    unit: "reads",
    reference: "helloWorld",
    counterparts: [],
    bar,
    rounds,
    beside: { helloWorld: rounds.map(() => round(10_000)) },
    share: null,
    note: "",
    ...more,
  };
}

function run(figures: readonly Figure[]): Run {
  const bare = [round(10_000)];
  return Run.parse({
    at: "2026-11-21T12:00:00.000Z",
    commit: "abc",
    machine: { cpu: "any", cores: 2, memoryMb: 24_000, node: "24.0.0" },
    references: { helloWorld: bare, rpcEcho: bare, singleWrite: bare, d1Read: bare, d1Write: bare },
    figures,
    soak: null,
  });
}

describe("a figure", () => {
  it("is the median of its rounds, with half their distance as its spread", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
    expect(medianOf([round(100), round(300), round(120)]).perSecond).toBe(120);
    expect(spread([round(90), round(100), round(110)])).toBeCloseTo(0.1);
  });

  it("meets its bar by ratio, rate, time or share, and never with a failure", () => {
    expect(meets(figure([6_000], { of: "ratio", atLeast: 0.6 }))).toBe(true);
    expect(meets(figure([5_999], { of: "ratio", atLeast: 0.6 }))).toBe(false);
    expect(meets(figure([1], { of: "p99Ms", atMost: 10 }))).toBe(true);
    expect(meets(figure([1], { of: "p99Ms", atMost: 9 }))).toBe(false);
    expect(meets(figure([1], { of: "share", atLeast: 0.8 }, { share: 0.79 }))).toBe(false);
    expect(meets(figure([1], null, { rounds: [round(1, 1, 1)] }))).toBe(false);
  });

  it("is compared round by round with what was measured beside it: a slow minute is slow for both", () => {
    const beside = { helloWorld: [round(10_000), round(5_000), round(8_000)] };
    expect(ratio(figure([7_000, 3_500, 8_000], null, { beside }))).toBeCloseTo(0.7);
    expect(ratio(figure([7_000, 3_500, 8_000], null, { reference: "d1Read", beside }))).toBe(0);
  });
});

describe("two runs", () => {
  it("are compared by ratios: a slower machine is no regression, slower code is", () => {
    const before = run([figure([6_000])]);
    const slower = figure([3_000], null, { beside: { helloWorld: [round(5_000)] } });
    expect(compareRuns(before, run([slower])).map(({ factor }) => factor)).toEqual([1]);
    expect(compareRuns(before, run([figure([4_400])]))[0]?.factor).toBeLessThan(0.75);
  });

  it("are compared round by equal round: a quick one with the quick part of a whole one, if it has any", () => {
    const { soak: _soak, hops: _hops, quick: _quick, ...quick } = run([figure([3_000])]);
    const whole = { ...run([figure([6_000])]), quick };
    expect(compareRuns(asQuick(whole), run([figure([3_000])])).map(({ factor }) => factor)).toEqual([1]);
    expect(compareRuns(asQuick(run([figure([6_000])])), run([figure([3_000])])).map(({ factor }) => factor)).toEqual([0.5]);
  });

  it("say nothing about what only one of them has, or what was compared with something else", () => {
    const before = run([figure([6_000]), figure([1], null, { name: "gone" })]);
    expect(compareRuns(before, run([figure([1], null, { name: "new" })]))).toEqual([]);
    expect(compareRuns(before, run([figure([1], null, { reference: "d1Read" })]))).toEqual([]);
  });
});

describe("a missed bar", () => {
  const whole = figure(
    [44],
    { of: "perSecond", atLeast: 150 },
    {
      counterparts: ["bareCheckoutWhole", "bareCheckout", "bareHold"],
      beside: { bareCheckoutWhole: [round(88)], bareCheckout: [round(176)] },
    },
  );

  it("is answered by what the bare runtime does of the same work, and by whether that is enough", () => {
    expect(counterpartsOf(whole)).toEqual([
      { name: "bareCheckoutWhole", value: 88, meets: false, reached: 0.5 },
      { name: "bareCheckout", value: 176, meets: true, reached: 0.25 },
    ]);
    expect(figureRow(whole)).toContain("≥ 150/s ✗ 44, bare 88");
  });

  it("on a time or a ratio is answered by the same measure, and one on a share of a peak by nothing", () => {
    const answer = (name: ReferenceName, ...rounds: Measurement[]) => ({
      counterparts: [name],
      beside: { helloWorld: [round(100)], [name]: rounds },
    });
    const late = figure([1], { of: "p99Ms", atMost: 5 }, answer("bareCheckoutBusy", round(9, 4)));
    expect(counterpartsOf(late)[0]).toMatchObject({ value: 4, meets: true, reached: 0.4 });
    const slow = figure([55], { of: "ratio", atLeast: 0.6 }, answer("bareRead", round(59)));
    expect(counterpartsOf(slow)[0]).toMatchObject({ value: 0.59, meets: false });
    const share = figure([1], { of: "share", atLeast: 0.8 }, { share: 0.5, ...answer("bareHold", round(1)) });
    expect(counterpartsOf(share)).toEqual([]);
  });

  it("stands in the report with its answer; a bar that was met does not, and one without an answer says so", () => {
    const met = figure([200], { of: "perSecond", atLeast: 150 }, { title: "met" });
    const unanswered = figure([1], { of: "perSecond", atLeast: 2 }, { title: "unanswered" });
    const page = reportPage(run([whole, met, unanswered]), "performance.svg");
    expect(page).toContain("## Bars that were missed");
    expect(page).toContain("| A < read | ≥ 150/s | 44 | Bare checkout, whole | 88 | ✗ | 50 % |");
    expect(page).toContain("| A < read | ≥ 150/s | 44 | Bare checkout: what one waits for | 176 | ✓ | 25 % |");
    expect(page).toContain("| unanswered | ≥ 2/s | 1 | not measured |");
    expect(page).not.toContain("| met | ≥ 150/s |");
    expect(reportPage(run([met]), "performance.svg")).not.toContain("Bars that were missed");
  });
});

describe("the report", () => {
  it("names what was missed, and its picture is well formed whatever a title holds", () => {
    const one = run([figure([100], { of: "perSecond", atLeast: 150 })]);
    expect(figureRow(one.figures[0] ?? figure([1]))).toContain("≥ 150/s ✗ 100");
    expect(reportPage(one, "performance.svg")).toContain("| A < read | 100 reads |");
    expect(chart(one)).toContain("A &#60; read");
    expect(chart(one)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("says where the time goes when that was measured", () => {
    const one = run([figure([100])]);
    expect(reportPage(one, "performance.svg")).not.toContain("Where the time goes");
    const commits = { hop: "commit", where: "sku-stock", calls: 2, totalMs: 3, ownMs: 3 };
    const totals = { acts: 9, wallMs: 4, untracedMs: 3.9, outsideMs: 1 };
    const hops = [{ name: "checkout", title: "Checkout", ...totals, hops: [commits], after: [] }];
    const page = reportPage({ ...one, hops }, "performance.svg");
    expect(page).toContain("## Where the time goes");
    expect(page).toContain("| commit | sku-stock | 2 | 3.00 ms | 3.00 ms | 75.0 % |");
  });
});

describe("the memory of a soak", () => {
  const watched = { minutes: 10, orders: 1, samplesMb: [500, 800, 900, 1_000, 950, 1_000] };

  it("is steady by how far it goes from its middle, once it is warm", () => {
    expect(steadiness(watched, 4)).toEqual({ middleMb: 950, within: 50 / 950 });
    expect(steadiness(watched, 0)?.within).toBeCloseTo(1 / 3);
  });

  it("says nothing about so short a one that it was never warm", () => {
    expect(steadiness(watched, 9)).toBeUndefined();
  });
});
