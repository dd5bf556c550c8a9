/** Checkouts at a steady pace while the resident memory of workerd is watched. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { progressBar } from "../scripts/lib/progress.ts";
import { measureTask } from "./measure.ts";
import { benchSku, buy, type Shop } from "./shop.ts";

const BUYERS = 4;
const SAMPLES = 20;
/** Caches and code warm up first; flat means flat after that. */
const WARM_UP_SECONDS = 30;

export interface SoakResult {
  readonly minutes: number;
  readonly orders: number;
  readonly samplesMb: readonly number[];
}

export async function soak(shop: Shop, minutes: number): Promise<SoakResult> {
  const seconds = minutes * 60;
  const bar = progressBar("Soak", seconds);
  const samplesMb: number[] = [];
  let orders = 0;
  const task = async (index: number): Promise<void> => {
    const answer = await buy(shop.client, benchSku(index), randomUUID());
    if (answer.status === 201) orders++;
  };
  await measureTask(BUYERS, WARM_UP_SECONDS, task);
  let running = true;
  const startedAt = Date.now();
  const watch = (async () => {
    for (let sample = 0; sample <= SAMPLES && running; sample++) {
      samplesMb.push(residentMb());
      bar.update(Math.round((Date.now() - startedAt) / 1000), `${samplesMb.at(-1)} MB, ${orders} orders`);
      await delay((seconds * 1000) / SAMPLES);
    }
  })();
  await measureTask(BUYERS, seconds, task);
  running = false;
  await watch;
  bar.end();
  return { minutes, orders, samplesMb };
}

/** Of the workerd below this process; the largest, since references have ended. */
export function residentMb(): number {
  const rows = execFileSync("ps", ["-eo", "ppid=,rss=,comm="], { encoding: "utf8" }).split("\n");
  const kilobytes = rows.flatMap((row) => {
    const match = /^\s*(\d+)\s+(\d+)\s+.*workerd/.exec(row);
    return match !== null && Number(match[1]) === process.pid ? [Number(match[2])] : [];
  });
  return Math.round(Math.max(0, ...kilobytes) / 1024);
}
