/** In which order scenarios and what they are compared with are measured. */
import { expect, it } from "vitest";
import type { Measurement } from "../../../bench/figure.ts";
import { measureRounds, type Plan } from "../../../bench/measure-rounds.ts";
import type { References } from "../../../bench/references.ts";
import type { Load, Scenario } from "../../../bench/scenario.ts";
import type { Shop } from "../../../bench/shop.ts";

const PLAN: Plan = { isQuick: false, rounds: 2, seconds: 4, dayFile: null };
const SHOP = {} as Shop;

/** Every measurement is faster than the one before, so that pairs can be told. */
function bench() {
  const order: string[] = [];
  const measure = (name: string, { durationSeconds, isWarm }: Pick<Load, "durationSeconds" | "isWarm">): Measurement => {
    order.push(`${name} ${durationSeconds} s${isWarm ? " warm" : ""}`);
    return { perSecond: order.length, p50Ms: 1, p99Ms: 1, failures: 0 };
  };
  const bare: References = {
    shopUrl: "",
    measure: async (name, load) => measure(name, load),
    stop: async () => {},
  };
  const scenario = (title: string, more: Partial<Scenario>): readonly [string, Scenario] => [
    title,
    {
      ...{ title, unit: "reads", reference: "helloWorld", bar: null, rounds: "every", quick: true },
      run: async (_shop, load) => ({ measurement: measure(title, load) }),
      ...more,
    },
  ];
  return { order, bare, scenario };
}

it("measures a scenario right after what it is compared with, in slices if it is cut, and only in the rounds that are its own", async () => {
  const { order, bare, scenario } = bench();
  const read = scenario("read", { counterparts: ["bareRead"], slices: 2 });
  const imported = scenario("import", { reference: "d1Write", rounds: "last" });
  const { figures, references } = await measureRounds(SHOP, bare, [read, imported], PLAN);
  const others = ["rpcEcho 2 s", "singleWrite 2 s", "d1Read 2 s"];
  const first = ["helloWorld 1 s", "bareRead 1 s", "read 1 s"];
  const turns = [...first, ...first.map((measured) => `${measured} warm`)];
  expect(order).toEqual(["helloWorld 2 s warm", ...others, ...turns, ...others, ...turns, "d1Write 2 s", "import 4 s"]);
  const rates = (rounds: readonly Measurement[] = []) => rounds.map(({ perSecond }) => perSecond);
  expect(rates(figures[0]?.beside.helloWorld)).toEqual(rates(figures[0]?.rounds).map((rate) => rate - 2));
  expect(rates(figures[1]?.beside.d1Write)).toEqual(rates(figures[1]?.rounds).map((rate) => rate - 1));
  expect(references.helloWorld).toHaveLength(4);
  expect(references.rpcEcho).toHaveLength(2);
});

it("leaves out of a quick run what only answers a bar, or tells what the machine is like", async () => {
  const { order, bare, scenario } = bench();
  await measureRounds(SHOP, bare, [scenario("read", { counterparts: ["bareRead"] })], { ...PLAN, isQuick: true, rounds: 1 });
  expect(order.slice(1)).toEqual(["helloWorld 2 s", "read 4 s"]);
});
