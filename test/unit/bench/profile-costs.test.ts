/** From samples to milliseconds per order. */
import { describe, expect, it } from "vitest";
import { costLines, costOf } from "../../../bench/profile-costs.ts";

const node = (id: number, functionName: string, url = "") => ({ id, callFrame: { functionName, url, lineNumber: 9 } });

describe("the cost of an isolate", () => {
  const profile = {
    nodes: [node(1, "(root)"), node(2, "(program)"), node(3, "hold", "file:///x/index.js"), node(4, "")],
    samples: [3, 3, 2, 4],
    timeDeltas: [90_000, 500, 500, 500],
  };

  it("counts only the time that it had the thread, however long it waited before", () => {
    expect(costOf("inventory", 500, profile)).toEqual({
      worker: "inventory",
      ms: 1.5,
      functions: [
        { name: "hold index.js:10", ms: 1 },
        { name: "(anonymous)", ms: 0.5 },
      ],
    });
  });

  it("is told per order, largest first", () => {
    const small = { worker: "small", ms: 1, functions: [] };
    const large = { worker: "large", ms: 4, functions: [{ name: "f", ms: 4 }] };
    expect(costLines([small, large], 2, 1)).toEqual(["   2.000  large", "       2.000  f", "   0.500  small"]);
  });
});
