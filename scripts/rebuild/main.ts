/** `npm run rebuild -- PROJECTION [--url URL]`: rebuilds a projection of a running shop from its logs. Goes on where it was cut off. */

import { OPTIONS_USAGE, readShopOptions } from "../audit/options.ts";
import { ShopClient } from "../replay/shop-client.ts";

const USAGE = `usage: npm run rebuild -- PROJECTION [options]

  PROJECTION         orders, ledger, notifications, sales or stock; without one: lists them
${OPTIONS_USAGE}`;

interface ProjectionView {
  readonly name: string;
  readonly applied: number;
  readonly lag: number | null;
  readonly rebuild: {
    readonly state: "idle" | "following" | "completed";
    readonly sources: number;
    readonly events: number;
    readonly removed: number;
    readonly written: number;
  };
}

const isTty = process.stdout.isTTY === true;

function describe({ name, applied, lag, rebuild }: ProjectionView): string {
  const behind = lag === null ? "" : `, ${lag} behind`;
  const last = rebuild.state === "idle" ? "never rebuilt" : `rebuild ${rebuild.state}`;
  return `  ${name.padEnd(14)} ${applied} events${behind}; ${last}`;
}

async function list(client: ShopClient, json: boolean): Promise<void> {
  const { items } = await client.admin<{ items: readonly ProjectionView[] }>("GET", "/v1/admin/projections");
  console.log(json ? JSON.stringify(items, null, 2) : items.map(describe).join("\n"));
}

async function rebuild(client: ShopClient, name: string, json: boolean): Promise<void> {
  const path = `/v1/admin/projections/${encodeURIComponent(name)}/rebuild`;
  for (let pieces = 1; ; pieces++) {
    const view = await client.admin<ProjectionView>("POST", path);
    const { state, sources, events, removed, written } = view.rebuild;
    if (state === "completed") {
      const mended = removed === 0 && written === 0 ? "every row was right" : `${removed} rows taken away, ${written} written`;
      console.log(
        json ? JSON.stringify(view, null, 2) : `${isTty ? "\r" : ""}  ✓ ${name}: ${events} events of ${sources} logs; ${mended}`,
      );
      return;
    }
    if (json) continue;
    if (isTty) process.stdout.write(`\r  … ${name}: ${events} events of ${sources} logs`);
    else if (pieces % 20 === 0) console.log(`  … ${name}: ${events} events of ${sources} logs`);
  }
}

async function main(): Promise<void> {
  const { url, adminKey, json, positionals } = readShopOptions(process.argv.slice(2));
  const [name, ...more] = positionals;
  if (more.length > 0) throw new Error(USAGE);
  const client = new ShopClient(url, adminKey);
  await (name === undefined ? list(client, json) : rebuild(client, name, json));
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
