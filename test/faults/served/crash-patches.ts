/**
 * Where a process can be made to die: around each write of a saga's step, of a refund and of a cancellation, after each
 * call to a peer (done there, not yet known here), around the writes of stock, and around the sends of both logs. Data
 * only: the text that `crash-point.ts` is called from.
 */
import type { SourcePatch } from "../../../scripts/lib/source-patches.ts";

/** Bindings that the patched workers expect; see `crash-point.ts`. */
export const CRASH_SERVICE = "CRASH";
export const CRASH_POINTS_VARIABLE = "CRASH_POINTS";

const around = (commit: string): string[] => [`before:${commit}`, `after:${commit}`];

/** The saga's commits on ways that a served shop takes: a step is written where repeating would not make the same calls. */
export const SAGA_POINTS: readonly string[] = [
  "submitted",
  "authorizing",
  "awaiting_payment",
  "committing",
  "voiding",
  "releasing",
  "ended",
].flatMap(around);

/** Everything else that an order or its stock writes, asks or sends. */
export const OTHER_POINTS: readonly string[] = [
  ...["hold", "authorize", "inspect", "commit", "capture", "void", "release"].map((call) => `called:${call}`),
  ...["cancel-requested", "abandoned", "cancellation", "refund-reserved", "refund-restocking", "refund-done"].flatMap(around),
  ...["stock-hold", "stock-commit", "stock-release", "stock-move"].flatMap(around),
  ...["send", "stock-send"].flatMap(around),
  "after:cursor",
  "after:stock-cursor",
];

const PARTITION = "durable-objects/checkout-partition";
const STOCK = "durable-objects/sku-stock";

/** A place in the source; `subject` is an expression for the id of what is worked on there. */
interface Place {
  readonly file: string;
  readonly find: string;
  readonly subject: string;
}

/** @param name an expression, too: what is written is sometimes known only there. */
function point(side: "before" | "after" | "called", name: string, subject: string): string {
  return `await crashPoint("${side}:" + ${name}, ${subject});`;
}

function surround(code: string, name: string, subject: string): string {
  return [point("before", name, subject), code, point("after", name, subject)].join("\n");
}

const quoted = (name: string): string => JSON.stringify(name);

function surrounded({ file, find, subject }: Place, name: string): SourcePatch {
  return { file, find, replace: surround(find, name, subject) };
}

function preceded({ file, find, subject }: Place, side: "before" | "after", name: string): SourcePatch {
  return { file, find, replace: [point(side, quoted(name), subject), find].join("\n") };
}

function followed({ file, find, subject }: Place, side: "after" | "called", name: string): SourcePatch {
  return { file, find, replace: [find, point(side, name, subject)].join("\n") };
}

/** A write whose record goes straight into another call is taken out of that call. */
function extracted({ file, find, subject }: Place, write: string, name: string): SourcePatch {
  const surroundedWrite = surround(`const written = ${write};`, quoted(name), subject);
  return { file, find, replace: [surroundedWrite, find.replace(write, "written")].join("\n") };
}

/** A command of SkuStock that returns what it wrote. */
function answering(find: string, name: string): SourcePatch {
  const write = find.replace(/^return /, "const answer = ");
  return {
    file: `${STOCK}/index.ts`,
    find,
    replace: [surround(write, quoted(name), "this.ctx.id.name"), "return answer;"].join("\n"),
  };
}

/** The hook's import, in front of something at the top level of the file. */
function importing(file: string, find: string): SourcePatch {
  return { file, find, replace: `import { crashPoint } from "../../test/faults/served/crash-point.ts";\n${find}` };
}

function checkoutPatches(): SourcePatch[] {
  const checkout = `${PARTITION}/checkout.ts`;
  const begin = "const begun = deps.store.transaction(() => begin(deps, command, fresh, context));";
  const runner = `${PARTITION}/run-order.ts`;
  const condition = "if (mustWrite(record.saga, saga))";
  const write = "record = this.writeSaga(record, saga, context);";
  const call = "const answer = await performCall(peers(), this.#calls, this.#holds, call, context);";
  return [
    importing(checkout, "/** How long one request waits for the saga;"),
    surrounded({ file: checkout, find: begin, subject: "fresh.orderId" }, quoted("submitted")),
    importing(runner, "export interface RunnerDependencies {"),
    {
      file: runner,
      find: `${condition} ${write}`,
      replace: `${condition} {\n${surround(write, "saga.step", "record.id")}\n}`,
    },
    followed({ file: runner, find: call, subject: "record.id" }, "called", "call.call"),
  ];
}

function operationPatches(): SourcePatch[] {
  const runner = `${PARTITION}/run-order.ts`;
  const operate = `${PARTITION}/operate-order.ts`;
  const step = "record = this.write(change, context);";
  const reserve =
    "const reserved = isNew ? deps.runner.write({ record: addRefund(found, decided.value), events: [] }, context) : found;";
  const cancellation = "deps.runner.startCancellation(record, reason, context)";
  const cancel = `record = await deps.runner.run(${cancellation}, false, context);`;
  const abandonment = "deps.runner.writeSaga(record, { ...aborted, waitUntilMs: null }, context)";
  const abandon = `return ok(await deps.runner.run(${abandonment}, false, context));`;
  const stop = 'const aborted = abortSaga(found.saga, { code: "cancelled", reason });';
  const stopped = "return await deps.runner.run(stopping, false, context);";
  return [
    surrounded(
      { file: runner, find: step, subject: "record.id" },
      '"refund-" + change.record.refunds.find(({ id }) => id === refundId)?.step',
    ),
    importing(operate, "export interface OperateDependencies {"),
    surrounded({ file: operate, find: reserve, subject: "found.id" }, quoted("refund-reserved")),
    extracted({ file: operate, find: cancel, subject: "record.id" }, cancellation, "cancellation"),
    extracted({ file: operate, find: abandon, subject: "record.id" }, abandonment, "abandoned"),
    preceded({ file: operate, find: stop, subject: "found.id" }, "before", "cancel-requested"),
    preceded({ file: operate, find: stopped, subject: "found.id" }, "after", "cancel-requested"),
  ];
}

function stockPatches(): SourcePatch[] {
  const hold = "return this.#hold(command, context, opening);";
  const together = "return holdInTurn(commands, (command) => this.#hold(command, command.context, opening));";
  const commit =
    "return this.#change(context, null, (state, decision) => decideCommit(state, this.#store.hold(holdId), decision));";
  const release =
    "return this.#change(context, opening, (state, decision) => decideRelease(state, holdId, this.#store.hold(holdId), decision));";
  const restock = `return this.#once("restocked", command, context, opening, (state, applied, decision) => {
      const known = this.#store.hold(command.holdId);
      if (applied === undefined && !wasSold(known)) {
        const { sku } = this.#store.account();
        logger("sku-stock", context).warn("restock_of_unknown_sale", { sku, hold_id: command.holdId, reference: command.key });
      }
      return decideRestock(state, known, command, applied, decision);
    });`;
  return [
    importing(`${STOCK}/index.ts`, "const PUBLISH_DELAY_MS = "),
    answering(hold, "stock-hold"),
    answering(together, "stock-hold"),
    answering(commit, "stock-commit"),
    answering(release, "stock-release"),
    answering('return neverShort(this.#move("received", command, context, opening));', "stock-move"),
    answering(restock, "stock-move"),
  ];
}

function logPatches(): SourcePatch[] {
  const events = `${PARTITION}/publish-events.ts`;
  const movements = `${STOCK}/publish-movements.ts`;
  const send = "await guarded(SEND_POLICY, () => Promise.all(queues().map((queue) => queue.sendBatch(messagesOf(batch)))));";
  const sendMovements =
    "await guarded(SEND_POLICY, () => Promise.all(publication.queues.map((queue) => queue.sendBatch(messages))));";
  const subject = "last.source";
  return [
    importing(events, "interface WakeUp {"),
    surrounded({ file: events, find: send, subject }, quoted("send")),
    followed({ file: events, find: "log.setPublished(last.sequence);", subject }, "after", quoted("cursor")),
    importing(movements, "export type StockWakeUp = WakeUp<StockEvent>;"),
    surrounded({ file: movements, find: sendMovements, subject }, quoted("stock-send")),
    followed({ file: movements, find: "publication.markPublished(published);", subject }, "after", quoted("stock-cursor")),
  ];
}

export const CRASH_PATCHES: readonly SourcePatch[] = [
  ...checkoutPatches(),
  ...operationPatches(),
  ...stockPatches(),
  ...logPatches(),
];
