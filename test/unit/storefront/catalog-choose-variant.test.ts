import { describe, expect, it } from "vitest";
import { chosenVariant, optionChoices } from "../../../workers/storefront/pages/catalog/choose-variant.ts";

const OPTIONS = [
  { name: "Colour", values: ["Sea", "Sand"] },
  { name: "Size", values: ["S", "M", "L"] },
];
const variant = (...option_values: string[]) => ({ sku: option_values.join("-"), option_values });
const VARIANTS = [variant("Sea", "S"), variant("Sea", "M"), variant("Sand", "M"), variant("Sand", "L")];

describe("choosing the variant that a product page shows", () => {
  it("shows the variant that the address asks for, buyable or not", () => {
    expect(chosenVariant(VARIANTS, "Sand-M", () => false)?.sku).toBe("Sand-M");
  });

  it("starts on the first that can be bought, and on the first of all when none can", () => {
    expect(chosenVariant(VARIANTS, undefined, ({ sku }) => sku === "Sea-M")?.sku).toBe("Sea-M");
    expect(chosenVariant(VARIANTS, "gone", () => false)?.sku).toBe("Sea-S");
    expect(chosenVariant([], "gone", () => true)).toBeUndefined();
  });
});

describe("where each option value leads", () => {
  const leads = (chosen: { sku: string; option_values: string[] }) =>
    optionChoices(OPTIONS, VARIANTS, chosen).map(({ values }) =>
      values.map(({ value, sku, selected, exact }) => `${selected ? "*" : ""}${value}→${sku}${exact ? "" : "?"}`),
    );

  it("replaces one value and keeps the others", () => {
    expect(leads(variant("Sea", "M"))).toEqual([
      ["*Sea→Sea-M", "Sand→Sand-M"],
      ["S→Sea-S", "*M→Sea-M", "L→Sand-L?"],
    ]);
  });

  it("leads to the nearest variant, and says so, when the combination does not exist", () => {
    expect(leads(variant("Sand", "L"))[0]).toEqual(["Sea→Sea-S?", "*Sand→Sand-L"]);
  });

  it("keeps the earlier options before the later ones", () => {
    const options = [...OPTIONS, { name: "Length", values: ["Short", "Long"] }];
    const variants = [variant("Sand", "M", "Long"), variant("Sea", "L", "Long"), variant("Sand", "S", "Short")];
    const [, , length] = optionChoices(options, variants, variant("Sea", "L", "Long"));
    expect(length?.values).toEqual([
      { value: "Short", selected: false, sku: "Sand-S-Short", exact: false },
      { value: "Long", selected: true, sku: "Sea-L-Long", exact: true },
    ]);
    const [, size] = optionChoices(options, variants, variant("Sand", "S", "Short"));
    expect(size?.values.find(({ value }) => value === "M")?.sku).toBe("Sand-M-Long");
  });

  it("leaves out values that no variant with a price has", () => {
    expect(optionChoices(OPTIONS, [variant("Sea", "S")], variant("Sea", "S"))).toMatchObject([
      { name: "Colour", selected: "Sea", values: [{ value: "Sea" }] },
      { name: "Size", selected: "S", values: [{ value: "S" }] },
    ]);
  });
});
