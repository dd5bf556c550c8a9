/** Serves several holds one after the other, each for itself: what one is answered says nothing about the next. Pure. */
import { err, ok } from "../../workers/shared/result.ts";
import type { HoldStockAmongOthers, HoldStockAnswer, HoldStockOutcome, HoldTogetherAnswer } from "./contract.ts";

/** @param hold carries one out */
export function holdInTurn(
  commands: readonly HoldStockAmongOthers[],
  hold: (command: HoldStockAmongOthers) => HoldStockAnswer,
): HoldTogetherAnswer {
  const outcomes: HoldStockOutcome[] = [];
  for (const command of commands) {
    const outcome = hold(command);
    if (outcome.ok) outcomes.push(outcome);
    else if (outcome.error.code === "unopened") return err(outcome.error);
    else outcomes.push(err(outcome.error));
  }
  return ok(outcomes);
}
