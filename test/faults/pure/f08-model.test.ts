/**
 * F8, the larger part: the same commands and the same model as for the real objects, on the shop's code over memory
 * (`simulation/`), where a command costs a thousandth.
 */
import "./simulation/without-platform.ts";

import fc from "fast-check";
import { describe, it } from "vitest";
import { Comparison, commands } from "../model-commands.ts";
import { faultRun, runs, tell } from "../size.ts";
import { MemoryShop } from "./simulation/memory-shop.ts";

describe("random commands to the shop (F8)", () => {
  it("are answered as a shopkeeper expects, on its code over memory", { timeout: 3_600_000 }, async ({ task }) => {
    const { seed } = faultRun();
    let given = 0;
    const property = fc.asyncProperty(commands, async (history) => {
      const comparison = new Comparison(new MemoryShop());
      for (const command of history) await comparison.run(command);
      given += comparison.given;
    });
    await fc.assert(property, { seed, numRuns: runs({ quick: 150, full: 5_700 }) });
    tell(task, { row: "F8", what: "commands to the code over memory", histories: given });
  });
});
