import { FakeInventory } from "../../notifications/fakes/fake-owner.ts";

// biome-ignore lint/style/noDefaultExport: the runtime looks for it
export default FakeInventory;
