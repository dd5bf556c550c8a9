/**
 * `npm run scaling [-- --measure] [--seconds S] [--json FILE] [--costs FILE] [--picture]`: prints the tables of
 * `docs/scaling.md` from the costs in `costs.ts`, or in a file. `--measure` measures those costs on a served shop, checks the
 * model against crowds of three sizes, and keeps both in `--json`. `--picture` draws `docs/pictures/scaling.svg`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { step } from "../../scripts/lib/progress.ts";
import { ROOT } from "../../scripts/workers.ts";
import { openShop } from "../shop.ts";
import { MEASURED, type MeasuredCosts } from "./costs.ts";
import { type Measured, measureCosts } from "./measure-costs.ts";
import {
  billTable,
  ceilingChart,
  ceilingTable,
  crowdTable,
  hotSkuTable,
  markdown,
  nextThousand,
  saturationTable,
  storageTable,
} from "./tables.ts";

const SECONDS_DEFAULT = 8;

const { values } = parseArgs({
  options: {
    measure: { type: "boolean", default: false },
    seconds: { type: "string" },
    json: { type: "string" },
    costs: { type: "string" },
    picture: { type: "boolean", default: false },
  },
});

async function measure(): Promise<Measured> {
  const shop = await step("Shop served and stocked", openShop);
  try {
    const seconds = Number(values.seconds ?? SECONDS_DEFAULT);
    return await step("Costs measured, and crowds of three sizes", () => measureCosts(shop, seconds));
  } finally {
    await shop.stop();
  }
}

/** A file that `--json` wrote. */
function kept(file: string): MeasuredCosts {
  return (JSON.parse(readFileSync(file, "utf8")) as Measured).costs;
}

const measured = values.measure ? await measure() : null;
const costs = measured?.costs ?? (values.costs === undefined ? MEASURED : kept(values.costs));
if (measured !== null) {
  console.log(
    `\n${JSON.stringify(costs, null, 2)}\n\n## Crowds, predicted and measured\n\n${markdown(crowdTable(measured.crowds))}`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
}
console.log(`\n## Orders a second\n\n${markdown(ceilingTable())}`);
console.log(`\n## One SKU at its limit\n\n${markdown(saturationTable())}`);
console.log(`\n## One SKU, alone and together\n\n${markdown(await hotSkuTable(costs))}`);
console.log(`\n## The bill\n\n${markdown(billTable(costs))}`);
console.log(`\nOne thousand orders more, when nothing is included any more: $${nextThousand(costs).toFixed(2)}`);
console.log(`\n## Stores\n\n${markdown(storageTable(costs))}`);
if (values.picture) writeFileSync(join(ROOT, "docs/pictures/scaling.svg"), ceilingChart());
