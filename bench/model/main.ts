/**
 * `npm run scaling [-- --measure] [--seconds S] [--write]`: prints the tables of `docs/scaling.md`, from the costs of the
 * last measurement that was kept (`docs/reports/scaling.json`) or else from `costs.ts`. `--measure` measures them on a served
 * shop and checks the model against crowds of three sizes. `--write` keeps the measurement, and writes tables and picture
 * into the document.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../../scripts/lib/progress.ts";
import { readArguments } from "../../scripts/lib/read-arguments.ts";
import { ROOT } from "../../scripts/workers.ts";
import { openShop } from "../shop.ts";
import { MEASURED } from "./costs.ts";
import { type Measured, measureCosts } from "./measure-costs.ts";
import * as tables from "./tables.ts";

const SECONDS_DEFAULT = 8;
const KEPT = join(ROOT, "docs/reports/scaling.json");
const DOCUMENT = join(ROOT, "docs/scaling.md");
const PICTURE = join(ROOT, "docs/pictures/scaling.svg");

const USAGE = `usage: npm run scaling -- [options]

  --measure      measures the costs on a served shop first; nothing else should run
  --seconds S    of each crowd (default: ${SECONDS_DEFAULT})
  --write        keeps the measurement, and writes the tables into docs/scaling.md`;

const { values } = readArguments(USAGE, {
  options: {
    measure: { type: "boolean", default: false },
    seconds: { type: "string", default: String(SECONDS_DEFAULT) },
    write: { type: "boolean", default: false },
  },
});

async function measure(): Promise<Measured> {
  const shop = await step("Shop served and stocked", openShop);
  try {
    return await step("Costs measured, and crowds of three sizes", () => measureCosts(shop, Number(values.seconds)));
  } finally {
    await shop.stop();
  }
}

/** What this program kept. */
function kept(): Measured {
  return existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, "utf8")) as Measured) : { costs: MEASURED, crowds: [] };
}

const measured = values.measure ? await measure() : kept();
const { costs, crowds } = measured;
const printed = {
  costs: tables.costTable(costs),
  crowds: tables.crowdTable(crowds),
  ceilings: tables.ceilingTable(),
  saturation: tables.saturationTable(),
  "hot-sku": await tables.hotSkuTable(costs),
  bill: tables.billTable(costs),
  stores: tables.storageTable(costs),
};
for (const [name, table] of Object.entries(printed)) console.log(`\n## ${name}\n\n${tables.markdown(table)}`);
console.log(`\nOne thousand orders more, when nothing is included any more: $${tables.nextThousand(costs).toFixed(2)}`);
if (values.write) {
  if (values.measure) writeFileSync(KEPT, `${JSON.stringify(measured, null, 2)}\n`);
  writeFileSync(PICTURE, tables.ceilingChart());
  writeFileSync(DOCUMENT, tables.fillTables(readFileSync(DOCUMENT, "utf8"), printed));
}
