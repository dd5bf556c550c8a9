/**
 * Is there an order of these concurrent operations, each at one moment between its call and its answer, in which a simple
 * sequential object gives the same answers? A search after Wing & Gong ("Testing and verifying concurrent objects", 1993)
 * that remembers the configurations it has seen, after Lowe (2017). Pure.
 */

export interface Operation<Input, Output> {
  readonly input: Input;
  /** Undefined: the answer was lost. It may have taken effect at any time after its call, or never. */
  readonly output: Output | undefined;
  readonly calledAt: number;
  /** Ignored when the answer was lost. */
  readonly answeredAt: number;
}

export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  apply(state: State, input: Input): { readonly state: State; readonly output: Output };
  /** Equal states have equal keys. */
  keyOf(state: State): string;
  isSame(expected: Output, given: Output): boolean;
}

export function isLinearizable<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
): boolean {
  const answered = maskOf(operations, ({ output }) => output !== undefined);
  const seen = new Set<string>();
  const search = (done: bigint, state: State): boolean => {
    if ((done & answered) === answered) return true;
    const configuration = `${done} ${model.keyOf(state)}`;
    if (seen.has(configuration)) return false;
    seen.add(configuration);
    // Nothing may come after the answer of an operation that has not had its effect.
    const deadline = earliestAnswer(operations, done);
    return operations.some((operation, index) => {
      const bit = 1n << BigInt(index);
      if ((done & bit) !== 0n || operation.calledAt > deadline) return false;
      const next = model.apply(state, operation.input);
      const agrees = operation.output === undefined || model.isSame(next.output, operation.output);
      return agrees && search(done | bit, next.state);
    });
  };
  return search(0n, model.initial);
}

function earliestAnswer(operations: readonly Operation<unknown, unknown>[], done: bigint): number {
  let earliest = Number.POSITIVE_INFINITY;
  operations.forEach(({ output, answeredAt }, index) => {
    const open = output !== undefined && (done & (1n << BigInt(index))) === 0n;
    if (open && answeredAt < earliest) earliest = answeredAt;
  });
  return earliest;
}

function maskOf<O>(operations: readonly O[], test: (operation: O) => boolean): bigint {
  return operations.reduce((mask, operation, index) => (test(operation) ? mask | (1n << BigInt(index)) : mask), 0n);
}
