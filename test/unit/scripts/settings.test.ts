import { expect, it } from "vitest";
import { localVariables, readSettings } from "../../../scripts/lib/settings.ts";

it("links lead to this machine, or to where the operator says that the shop is", () => {
  const settings = readSettings({ PORT: "8799" });
  expect(localVariables(settings, {})).toMatchObject({ PUBLIC_URL: "http://localhost:8799" });
  expect(localVariables(settings, { PUBLIC_URL: "https://shop.example" })).toMatchObject({ PUBLIC_URL: "https://shop.example" });
});
