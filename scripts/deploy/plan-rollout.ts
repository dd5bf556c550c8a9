/**
 * In which order workers go out, and which bindings each may have at that moment: the platform refuses a binding to a worker
 * that is not there, and our services bind each other in circles. Pure.
 */
import { LOCAL_ONLY_WORKERS, type RawConfig } from "./production-config.ts";

export interface RolloutStep {
  readonly worker: string;
  /** Workers that exist when this step runs: the only ones it may bind. */
  readonly bindable: ReadonlySet<string>;
  /** The worker went out before, without all of its bindings. */
  readonly again: boolean;
}

/**
 * A first deployment goes round twice for those in a circle; a later one goes once, because nothing is missing, so no live
 * worker ever loses a binding. @param configs the public one first: it goes out last, so that nobody meets a missing service
 */
export function planRollout(configs: readonly RawConfig[], existing: ReadonlySet<string>): readonly RolloutStep[] {
  const ordered = [...configs.slice(1), ...configs.slice(0, 1)];
  const there = new Set(existing);
  const incomplete: string[] = [];
  const steps = ordered.map((config): RolloutStep => {
    if (!peersOf(config).every((peer) => there.has(peer) || peer === config.name)) incomplete.push(config.name);
    const step = { worker: config.name, bindable: new Set(there).add(config.name), again: false };
    there.add(config.name);
    return step;
  });
  return [...steps, ...incomplete.map((worker) => ({ worker, bindable: there, again: true }))];
}

function peersOf(config: RawConfig): readonly string[] {
  return (config.services ?? []).map(({ service }) => service).filter((service) => !LOCAL_ONLY_WORKERS.has(service));
}
