/**
 * The served system with crash points built in: one plan at a time says where or when its process dies by SIGKILL, and a
 * restart serves what was on the disk.
 */
import { startSystem, type TestSystem } from "../../system/serve-system.ts";
import { CRASH_PATCHES, CRASH_POINTS_VARIABLE, CRASH_SERVICE } from "./crash-patches.ts";

/** `point`: when it is reached for the n-th time. `moment`: so long after the load began, whatever is going on. */
export type KillPlan =
  | { readonly kind: "point"; readonly point: string; readonly crossing: number }
  | { readonly kind: "moment"; readonly afterMs: number };

export class CrashingSystem {
  #system: TestSystem | undefined;
  #plan: KillPlan;
  #armed = false;
  #crossings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #up = Promise.withResolvers<void>();
  #killed = Promise.withResolvers<void>();

  private constructor(plan: KillPlan) {
    this.#plan = plan;
  }

  /** @param plan the first kill's. */
  static async start(plan: KillPlan): Promise<CrashingSystem> {
    const crashing = new CrashingSystem(plan);
    crashing.#system = await startSystem(pointsOf(plan), {
      patches: CRASH_PATCHES,
      services: { [CRASH_SERVICE]: (request) => crashing.#reached(new URL(request.url).searchParams) },
    });
    crashing.#up.resolve();
    return crashing;
  }

  get system(): TestSystem {
    if (this.#system === undefined) throw new Error("not started");
    return this.#system;
  }

  /** Resolves at once while it serves. */
  readonly whenUp = (): Promise<void> => this.#up.promise;

  /** From now on the plan counts. @returns a promise of the kill. */
  arm(): Promise<void> {
    this.#armed = true;
    this.#crossings = 0;
    if (this.#plan.kind === "moment") this.#timer = setTimeout(() => this.kill(), this.#plan.afterMs);
    return this.#killed.promise;
  }

  /** Whatever the plan says. Does nothing when the process is dead already. */
  kill(): void {
    if (!this.#armed) return;
    clearTimeout(this.#timer);
    this.#armed = false;
    this.#up = Promise.withResolvers();
    this.system.kill();
    this.#killed.resolve();
  }

  /** @param next how the next kill will come about. */
  async restart(next: KillPlan): Promise<void> {
    this.#plan = next;
    this.#killed = Promise.withResolvers();
    await this.system.restart(pointsOf(next));
    this.#up.resolve();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.system.stop();
  }

  async #reached(where: URLSearchParams): Promise<Response> {
    const plan = this.#plan;
    if (this.#armed && plan.kind === "point" && where.get("point") === plan.point) {
      this.#crossings += 1;
      if (this.#crossings === plan.crossing) this.kill();
    }
    return new Response(null, { status: 204 });
  }
}

function pointsOf(plan: KillPlan): Record<string, string> {
  return { [CRASH_POINTS_VARIABLE]: plan.kind === "point" ? plan.point : "" };
}
