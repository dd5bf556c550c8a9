/** One SKU as a clerk with a notebook would keep it: units on the shelf, and what became of each hold. No time, no journal. Pure. */
import type { SequentialModel } from "./linearizability.ts";

export type StockInput =
  | { readonly ask: "hold"; readonly id: string; readonly units: number }
  | { readonly ask: "commit" | "release" | "cancel"; readonly id: string }
  | { readonly ask: "adjust"; readonly id: string; readonly units: number }
  | { readonly ask: "available" };

/** `ok`, an error's code, or a number of units. */
export type StockOutput = string | number;

interface NotedHold {
  readonly units: number;
  readonly state: "held" | "committed" | "released";
}

export interface Notebook {
  readonly shelf: number;
  readonly holds: Readonly<Record<string, NotedHold>>;
  /** Units by the id of an adjustment. */
  readonly adjusted: Readonly<Record<string, number>>;
}

interface Noted {
  readonly state: Notebook;
  readonly output: StockOutput;
}

export function stockModel(shelf: number): SequentialModel<Notebook, StockInput, StockOutput> {
  return {
    initial: { shelf, holds: {}, adjusted: {} },
    apply,
    keyOf: ({ shelf, holds, adjusted }) => JSON.stringify([shelf, sorted(holds), sorted(adjusted)]),
    isSame: (expected, given) => expected === given,
  };
}

function apply(state: Notebook, input: StockInput): Noted {
  switch (input.ask) {
    case "available":
      return { state, output: available(state) };
    case "hold":
      return hold(state, input.id, input.units);
    case "adjust":
      return adjust(state, input.id, input.units);
    case "commit":
    case "release":
    case "cancel":
      return resolve(state, input.ask, input.id);
  }
}

function available({ shelf, holds }: Notebook): number {
  return Object.values(holds).reduce((left, { units, state }) => (state === "held" ? left - units : left), shelf);
}

function hold(state: Notebook, id: string, units: number): Noted {
  const known = state.holds[id];
  if (known?.state === "committed") return { state, output: "already_committed" };
  if (known?.state === "released") return { state, output: "already_released" };
  if (known !== undefined) return { state, output: known.units === units ? "ok" : "reused" };
  if (available(state) < units) return { state, output: "short" };
  return { state: note(state, id, { units, state: "held" }), output: "ok" };
}

function resolve(state: Notebook, ask: "commit" | "release" | "cancel", id: string): Noted {
  const known = state.holds[id];
  if (known === undefined) {
    return ask === "commit"
      ? { state, output: "hold_unknown" }
      : { state: note(state, id, { units: 0, state: "released" }), output: "ok" };
  }
  const released: NotedHold = { ...known, state: "released" };
  switch (known.state) {
    case "released":
      return { state, output: ask === "commit" ? "already_released" : "ok" };
    case "committed":
      if (ask === "commit") return { state, output: "ok" };
      if (ask === "release") return { state, output: "already_committed" };
      return { state: { ...note(state, id, released), shelf: state.shelf + known.units }, output: "ok" };
    case "held":
      if (ask !== "commit") return { state: note(state, id, released), output: "ok" };
      return { state: { ...note(state, id, { ...known, state: "committed" }), shelf: state.shelf - known.units }, output: "ok" };
  }
}

function adjust(state: Notebook, id: string, units: number): Noted {
  const before = state.adjusted[id];
  if (before !== undefined) return { state, output: before === units ? "ok" : "reused" };
  if (available(state) + units < 0) return { state, output: "insufficient_stock" };
  return { state: { ...state, shelf: state.shelf + units, adjusted: { ...state.adjusted, [id]: units } }, output: "ok" };
}

function note(state: Notebook, id: string, hold: NotedHold): Notebook {
  return { ...state, holds: { ...state.holds, [id]: hold } };
}

function sorted(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
