/**
 * One CSV import. Its alarm takes the file a step at a time: read rows, open their stock, write the catalogue, then save the
 * position with the counters in one transaction. A crash anywhere repeats the step, which gives the same rows.
 */
import { DurableObject } from "cloudflare:workers";
import { type InventoryApi, OPENING_BALANCES_MAX, type OpeningBalance } from "../../workers/inventory/contract.ts";
import { type PeerPolicy, peerCalls } from "../../workers/shared/call-peer.ts";
import { systemClock } from "../../workers/shared/clock.ts";
import { newId } from "../../workers/shared/identifiers.ts";
import { ObjectTimers } from "../../workers/shared/later.ts";
import { logger, newContext } from "../../workers/shared/telemetry.ts";
import { writeStatements } from "./apply-write.ts";
import { type ByteSource, collectStep, type ImportPosition, type ImportStep, type StepLimits } from "./collect-step.ts";
import { readColumns } from "./csv-columns.ts";
import { type ImportPlan, planImport } from "./plan-import.ts";
import { readKnownProducts, skusOf } from "./read-known.ts";
import { recordImport } from "./record-import.ts";
import type { Refusal } from "./row-cells.ts";
import { type ImportRunState, RunStore } from "./run-store.ts";

export interface ImportRunEnv {
  readonly DATABASE: D1Database;
  readonly IMPORTS: R2Bucket;
  readonly INVENTORY: InventoryApi;
  readonly SHOP_CURRENCY: string;
}

export interface StartImport {
  readonly id: string;
  readonly fileKey: string;
  readonly sizeBytes: number;
  readonly header: readonly string[];
  readonly firstRow: ImportPosition;
}

const STEP_LIMITS: StepLimits = { rowsMax: 2_000, bytesMax: 1_500_000, readBytes: 1024 * 1024 };
const INVENTORY_POLICY: PeerPolicy = { service: "inventory", deadlineMs: 20_000, retries: 2 };
const RETRY_DELAY_INITIAL_MS = 500;
const RETRY_DELAY_MAX_MS = 60_000;
/** About half an hour of trying without a step done. */
const FAILURES_MAX = 35;
/** Fires when a step neither ended nor failed: its isolate died and nobody asked since. */
const WATCHDOG_MS = 60_000;

export class ImportRun extends DurableObject<ImportRunEnv> {
  readonly #store: RunStore;
  readonly #peers = peerCalls(new ObjectTimers().later);

  constructor(state: DurableObjectState, env: ImportRunEnv) {
    super(state, env);
    this.#store = new RunStore(state.storage);
    state.blockConcurrencyWhile(async () => {
      const run = this.#store.read();
      if (run !== null && !isOver(run)) await state.storage.setAlarm(systemClock.now());
    });
  }

  /** Idempotent. The file is in R2 and its header was read. */
  async start(command: StartImport): Promise<void> {
    const nowMs = systemClock.now();
    const { firstRow, ...file } = command;
    const counters = { rows: 0, products: 0, accepted: 0, refusedCount: 0, stockUnchanged: 0, failures: 0 };
    this.#store.start({
      ...file,
      ...counters,
      status: "queued",
      position: firstRow,
      error: null,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    const run = this.#store.read();
    if (run === null || isOver(run)) return;
    await this.ctx.storage.setAlarm(nowMs);
    await recordImport(this.env.DATABASE, run).run();
  }

  async read(): Promise<ImportRunState | null> {
    return this.#store.read();
  }

  async refusals(afterSequence: number, limit: number): Promise<{ readonly sequence: number; readonly refusal: Refusal }[]> {
    return this.#store.read() === null ? [] : this.#store.refusals(afterSequence, limit);
  }

  override async alarm(): Promise<void> {
    const run = this.#store.read();
    if (run === null) return;
    const log = logger("catalog", newContext());
    try {
      await this.ctx.storage.setAlarm(systemClock.now() + WATCHDOG_MS);
      const next = isOver(run) ? run : await this.#step(run);
      if (isOver(next)) await this.#end(next);
      else await this.ctx.storage.setAlarm(systemClock.now());
    } catch (error) {
      log.error("import_step_failed", error, { import_id: run.id, failures: run.failures + 1 });
      await this.#retryLater(error).catch((failure) => log.error("import_retry_failed", failure, { import_id: run.id }));
    }
  }

  async #step(run: ImportRunState): Promise<ImportRunState> {
    const columns = readColumns(run.header);
    if (!columns.ok) return this.#fail(run, "The header of the file cannot be read.");
    const source = new StoredFile(this.env.IMPORTS, run.fileKey, run.sizeBytes);
    const step = await collectStep(source, run.position, columns.value, this.env.SHOP_CURRENCY, STEP_LIMITS);
    const known = {
      ...(await readKnownProducts(this.env.DATABASE, step.groups)),
      seenSkus: this.#store.seenSkus(skusOf(step.groups)),
      seenHandles: this.#store.seenHandles(step.groups.map((group) => group.handle)),
    };
    const nowMs = systemClock.now();
    const plan = planImport(step.groups, known, (prefix) => newId(prefix, nowMs));
    const stockUnchanged = await this.#openStock(plan.openings);
    const refusals = [...step.refusals, ...plan.refusals].sort((a, b) => a.row - b.row);
    const next = advance(run, step, plan, refusals.length, stockUnchanged, nowMs);
    await this.env.DATABASE.batch([
      ...writeStatements(this.env.DATABASE, plan, nowMs, () => newId("cat", nowMs)),
      recordImport(this.env.DATABASE, next),
    ]);
    this.#store.saveStep({ state: next, refusals, skus: plan.skus, handles: plan.handles });
    return next;
  }

  /** Before the catalogue's rows: a crash between leaves stock that nobody can buy yet, and the repeated step completes it. */
  async #openStock(openings: readonly OpeningBalance[]): Promise<number> {
    let unchanged = 0;
    for (let from = 0; from < openings.length; from += OPENING_BALANCES_MAX) {
      const balances = openings.slice(from, from + OPENING_BALANCES_MAX);
      const opened = await this.#peers.callPeer(INVENTORY_POLICY, () =>
        this.env.INVENTORY.setOpeningBalances(balances, newContext()),
      );
      if (!opened.ok) throw new Error(`inventory is unavailable: ${opened.error.message}`);
      unchanged += opened.value.alreadyOpened.length;
    }
    return unchanged;
  }

  #fail(run: ImportRunState, error: string): ImportRunState {
    const failed: ImportRunState = { ...run, status: "failed", error, updatedAtMs: systemClock.now() };
    this.#store.write(failed);
    return failed;
  }

  async #retryLater(error: unknown): Promise<void> {
    const run = this.#store.read();
    if (run === null) return;
    if (isOver(run)) return await this.ctx.storage.setAlarm(systemClock.now() + RETRY_DELAY_MAX_MS);
    if (error instanceof FileMissing) return await this.#end(this.#fail(run, "The file is gone from storage."));
    const failures = run.failures + 1;
    if (failures >= FAILURES_MAX) return await this.#end(this.#fail(run, "A step failed again and again; see the logs."));
    this.#store.write({ ...run, failures });
    await this.ctx.storage.setAlarm(systemClock.now() + Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_INITIAL_MS * 2 ** failures));
  }

  async #end(run: ImportRunState): Promise<void> {
    this.#store.forgetSeen();
    await recordImport(this.env.DATABASE, run).run();
    await this.env.IMPORTS.delete(run.fileKey);
    await this.ctx.storage.deleteAlarm();
  }
}

function isOver(run: ImportRunState): boolean {
  return run.status === "completed" || run.status === "failed";
}

function advance(
  run: ImportRunState,
  step: ImportStep,
  plan: ImportPlan,
  refused: number,
  stockUnchanged: number,
  nowMs: number,
): ImportRunState {
  return {
    ...run,
    status: step.done ? "completed" : "running",
    position: step.next,
    rows: run.rows + step.rows,
    products: run.products + plan.products,
    accepted: run.accepted + plan.accepted,
    refusedCount: run.refusedCount + refused,
    stockUnchanged: run.stockUnchanged + stockUnchanged,
    failures: 0,
    updatedAtMs: nowMs,
  };
}

class FileMissing extends Error {}

class StoredFile implements ByteSource {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  readonly sizeBytes: number;

  constructor(bucket: R2Bucket, key: string, sizeBytes: number) {
    this.#bucket = bucket;
    this.#key = key;
    this.sizeBytes = sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const part = await this.#bucket.get(this.#key, { range: { offset, length } });
    if (part === null) throw new FileMissing(this.#key);
    return new Uint8Array(await part.arrayBuffer());
  }
}
