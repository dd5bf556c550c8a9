/** `npm run rebuild -- PROJECTION [--url URL]`: rebuilds a projection of a running shop from its logs. Goes on where it was cut off. */

import { OPTIONS_USAGE, readShopOptions } from "../audit/options.ts";
import { findShop } from "../lib/find-shop.ts";
import { ShopClient } from "../replay/shop-client.ts";
import { doneLine, listLine, PROJECTIONS, type ProjectionView, progressLine, requireProjection } from "./print-rebuild.ts";

const USAGE = `usage: npm run rebuild -- PROJECTION [options]

  PROJECTION         one of ${PROJECTIONS.join(", ")}; without one: lists them
${OPTIONS_USAGE}`;

const isTty = process.stdout.isTTY === true;

async function list(client: ShopClient, json: boolean): Promise<void> {
  const { items } = await client.admin<{ items: readonly ProjectionView[] }>("GET", "/v1/admin/projections");
  console.log(json ? JSON.stringify(items, null, 2) : items.map(listLine).join("\n"));
}

async function rebuild(client: ShopClient, name: string, json: boolean): Promise<void> {
  const path = `/v1/admin/projections/${encodeURIComponent(name)}/rebuild`;
  for (let pieces = 1; ; pieces++) {
    const view = await client.admin<ProjectionView>("POST", path);
    if (view.rebuild.state === "completed") {
      console.log(json ? JSON.stringify(view, null, 2) : `${isTty ? "\r" : ""}${doneLine(view)}`);
      return;
    }
    if (json) continue;
    if (isTty) process.stdout.write(`\r${progressLine(view)}`);
    else if (pieces % 20 === 0) console.log(progressLine(view));
  }
}

async function main(): Promise<void> {
  const { url, adminKey, json, positionals } = readShopOptions(USAGE);
  const [name, ...more] = positionals;
  if (more.length > 0) throw new Error(USAGE);
  if (name !== undefined) requireProjection(name);
  await findShop(url);
  const client = new ShopClient(url, adminKey);
  await (name === undefined ? list(client, json) : rebuild(client, name, json));
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
