/**
 * A deadline, a bounded retry and a circuit breaker around every call to another worker. Failure of the transport becomes
 * a value (`unavailable`); what the peer answers passes through. State is per isolate: a breaker protects a peer from
 * this isolate, not from the world.
 */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TaskCancelledError,
  wrap,
} from "cockatiel";
import { isoTime, systemClock } from "./clock.ts";
import { type Later, later as laterInWorker, within } from "./later.ts";
import { err, type Result } from "./result.ts";
import { type Hop, inSpan, isTraced } from "./trace.ts";

/** The peer could not be asked, or did not answer in time. The effect may or may not have happened: ask again or look. */
export interface Unavailable {
  readonly code: "unavailable";
  readonly service: string;
  readonly reason: "timeout" | "circuit_open" | "overloaded" | "failed";
  readonly message: string;
}

export interface PeerPolicy {
  readonly service: string;
  /** What the wait for it is called in traces. Default `rpc`. */
  readonly hop?: Hop;
  readonly deadlineMs: number;
  /** Retries after the first try; 0 for calls that are not idempotent. */
  readonly retries: number;
  /** False: a call that ran into its deadline is not tried again, so that the deadline bounds the whole. Default true. */
  readonly retryTimeouts?: boolean;
}

const RETRY_DELAY_INITIAL_MS = 20;
const RETRY_DELAY_MAX_MS = 500;
const BREAKER_FAILURES = 8;
const BREAKER_HALF_OPEN_AFTER_MS = 2_000;

/** The runtime marks its transport errors; `.overloaded` is never retried: more load does not help. */
interface RuntimeError {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
}

function isOverloaded(error: unknown): boolean {
  return (error as RuntimeError | null)?.overloaded === true;
}

function isWorthRetrying(error: unknown, retryTimeouts: boolean): boolean {
  if (error instanceof TaskCancelledError) return retryTimeouts;
  return !(error instanceof BrokenCircuitError) && !isOverloaded(error);
}

interface Breaker {
  readonly policy: ReturnType<typeof circuitBreaker>;
  readonly failures: ConsecutiveBreaker;
  changedAtMs: number | null;
}

const breakers = new Map<string, Breaker>();

function breakerOf(service: string): ReturnType<typeof circuitBreaker> {
  const known = breakers.get(service);
  if (known !== undefined) return known.policy;
  const failures = new ConsecutiveBreaker(BREAKER_FAILURES);
  const policy = circuitBreaker(
    // An overloaded object has answered: its neighbours behind the same service are well, and must stay within reach.
    handleWhen((error) => !isOverloaded(error)),
    { halfOpenAfter: BREAKER_HALF_OPEN_AFTER_MS, breaker: failures },
  );
  const made: Breaker = { policy, failures, changedAtMs: null };
  policy.onStateChange(() => {
    made.changedAtMs = systemClock.now();
  });
  breakers.set(service, made);
  return policy;
}

/** Every service is taken for well again, whatever this process saw of it. For tests. */
export function forgetBreakers(): void {
  breakers.clear();
  guards.clear();
}

const STATE_NAMES: Readonly<Record<CircuitState, BreakerState["state"]>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half_open",
  [CircuitState.Isolated]: "isolated",
};

/** Of one service, as this isolate sees it. */
export interface BreakerState {
  readonly state: "closed" | "open" | "half_open" | "isolated";
  readonly consecutive_failures: number;
  /** ISO 8601; null while it has always been closed. */
  readonly changed_at: string | null;
}

/** Of every service that this isolate has asked, for `/healthz`. */
export function breakerStates(): Record<string, BreakerState> {
  return Object.fromEntries([...breakers].map(([service, breaker]) => [service, stateOf(breaker)]));
}

function stateOf({ policy, failures, changedAtMs }: Breaker): BreakerState {
  return {
    state: STATE_NAMES[policy.state],
    consecutive_failures: failures.state,
    changed_at: changedAtMs === null ? null : isoTime(changedAtMs),
  };
}

/** The two ways to call. A Durable Object has its own, on its own timers. */
export interface PeerCalls {
  /**
   * Calls a peer whose answer is a `Result`. The answer's own error codes pass through; a broken transport becomes
   * `Unavailable`. RPC results are copied and disposed, so that memory stays flat.
   */
  callPeer<T, E extends { readonly code: string }>(
    policy: PeerPolicy,
    call: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | Unavailable>>;

  /** The same guard for a call whose answer is a plain value or a Response. @throws what the transport throws. */
  guarded<T>(policy: PeerPolicy, call: () => Promise<T>): Promise<T>;
}

/** @param later what the deadlines run on */
export function peerCalls(later: Later): PeerCalls {
  async function guarded<T>(policy: PeerPolicy, call: () => Promise<T>): Promise<T> {
    if (isTraced()) return await inSpan(policy.hop ?? "rpc", peerOf(policy), () => execute(policy, call, later));
    return await execute(policy, call, later);
  }
  return {
    guarded,
    async callPeer(policy, call) {
      try {
        return await guarded(policy, async () => release(await call()));
      } catch (error) {
        return err(unavailable(policy.service, error));
      }
    },
  };
}

/** For workers, whose invocations end and take their timers with them. */
export const { callPeer, guarded } = peerCalls(laterInWorker);

/**
 * The library's own timeout makes an abort signal with its listeners for each call, which nobody here reads: an RPC cannot
 * be taken back. It cost a tenth of an order's processor time.
 */
function execute<T>(policy: PeerPolicy, call: () => Promise<T>, later: Later): Promise<T> {
  const { deadlineMs } = policy;
  const late = () => {
    throw new TaskCancelledError(`No answer within ${deadlineMs} ms`);
  };
  return guardOf(policy).execute(() => within(later, deadlineMs, call, late));
}

/** Objects have a breaker each; in a trace they are one kind of peer. */
function peerOf({ service }: PeerPolicy): string {
  return service.split(" ", 1)[0] ?? service;
}

/** Guards are made once: they keep no state of a call, and making one costs more than a short call. */
const guards = new Map<string, IPolicy>();
const GUARDS_MAX = 5_000;

function guardOf(policy: PeerPolicy): IPolicy {
  const key = `${policy.service} ${policy.retries} ${policy.retryTimeouts ?? true}`;
  const known = guards.get(key);
  if (known !== undefined) return known;
  if (guards.size >= GUARDS_MAX) guards.clear();
  const made = makeGuard(policy);
  guards.set(key, made);
  return made;
}

function makeGuard(policy: PeerPolicy): IPolicy {
  const breaker = breakerOf(policy.service);
  if (policy.retries === 0) return breaker;
  const again = retry(
    handleWhen((error) => isWorthRetrying(error, policy.retryTimeouts ?? true)),
    {
      maxAttempts: policy.retries,
      backoff: new ExponentialBackoff({ initialDelay: RETRY_DELAY_INITIAL_MS, maxDelay: RETRY_DELAY_MAX_MS }),
    },
  );
  return wrap(again, breaker);
}

export function unavailable(service: string, error: unknown): Unavailable {
  return {
    code: "unavailable",
    service,
    reason: reasonOf(error),
    message: error instanceof Error ? error.message : String(error),
  };
}

function reasonOf(error: unknown): Unavailable["reason"] {
  if (error instanceof BrokenCircuitError) return "circuit_open";
  if (error instanceof TaskCancelledError) return "timeout";
  return isOverloaded(error) ? "overloaded" : "failed";
}

/** A copy of a plain object or list without the RPC disposer; the original is disposed. */
export function release<T extends object>(answer: T): T {
  const copy = Array.isArray(answer) ? ([...answer] as unknown as T) : { ...answer };
  (answer as Partial<Disposable>)[Symbol.dispose]?.();
  return copy;
}
