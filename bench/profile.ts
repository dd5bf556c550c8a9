/**
 * `npm run bench:profile [-- --seconds S] [--buyers N] [--isolate NAME]`: where the processor time of a full guest checkout
 * goes, by isolate: each of our workers, and Miniflare's databases, queues and mail. Sampling slows the system down, so the
 * shares count, not the sums.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import * as z from "zod";
import { attachToIsolates, type IsolateSession, Profile } from "./inspector.ts";
import { measureTask } from "./measure.ts";
import { benchSku, buy, openShop } from "./shop.ts";

const SAMPLING_INTERVAL_US = 4_000;
const WARM_SKUS = 50;
const WARM_UP_SECONDS = 10;
/** Functions named per isolate when one is asked for. */
const FUNCTIONS_SHOWN = 25;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    buyers: { type: "string", default: "16" },
    isolate: { type: "string" },
  },
});

const inspectorPort = await freePort();
const shop = await openShop({ inspectorPort });
try {
  await buyFor(WARM_UP_SECONDS);
  const sessions = await attachToIsolates(inspectorPort);
  for (const session of sessions) await start(session);
  const orders = await buyFor(Number(values.seconds));
  const busy = await Promise.all(sessions.map(async (session) => ({ name: session.name, profile: await stop(session) })));
  printIsolates(busy, orders);
  for (const { name, profile } of busy)
    if (values.isolate !== undefined && name.includes(values.isolate)) printFunctions(name, profile);
} finally {
  await shop.stop();
}
process.exit(0);

async function buyFor(seconds: number): Promise<number> {
  let placed = 0;
  await measureTask(Number(values.buyers), seconds, async (index) => {
    const answer = await buy(shop.client, benchSku(index % WARM_SKUS), randomUUID());
    if (answer.status === 201) placed += 1;
  });
  return placed;
}

async function start(session: IsolateSession): Promise<void> {
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_US });
  await session.send("Profiler.start");
}

async function stop(session: IsolateSession): Promise<Profile> {
  return z.object({ profile: Profile }).parse(await session.send("Profiler.stop")).profile;
}

/** Samples by function; those in which the isolate did nothing are left out. */
function samplesByFunction({ nodes, samples }: Profile): ReadonlyMap<string, number> {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || "(anonymous)"}:${callFrame.lineNumber + 1}`]),
  );
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? "";
    if (!name.startsWith("(idle)")) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function printIsolates(busy: readonly { readonly name: string; readonly profile: Profile }[], orders: number): void {
  const rows = busy
    .map(({ name, profile }) => ({ name, samples: sum(samplesByFunction(profile)) }))
    .filter(({ samples }) => samples > 0);
  const total = rows.reduce((samples, row) => samples + row.samples, 0);
  console.log(`\n${orders} orders\n${"isolate".padEnd(52)} ${"share".padStart(7)} ${"ms/order".padStart(9)}`);
  for (const { name, samples } of rows.sort((left, right) => right.samples - left.samples)) {
    const share = `${((100 * samples) / total).toFixed(1)} %`;
    const milliseconds = (samples * SAMPLING_INTERVAL_US) / 1_000 / orders;
    console.log(`${name.replace("core:user:", "").padEnd(52)} ${share.padStart(7)} ${milliseconds.toFixed(2).padStart(9)}`);
  }
}

function printFunctions(name: string, profile: Profile): void {
  const counts = samplesByFunction(profile);
  const total = sum(counts);
  console.log(`\n${name}`);
  for (const [label, count] of [...counts].sort((left, right) => right[1] - left[1]).slice(0, FUNCTIONS_SHOWN)) {
    console.log(`  ${((100 * count) / total).toFixed(1).padStart(5)} %  ${label}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
