/** What operators' commands say when something is not as they were told, and how a rebuild ended. */
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { findShop } from "../../../scripts/lib/find-shop.ts";
import { doneLine, listLine, type ProjectionView, requireProjection } from "../../../scripts/rebuild/print-rebuild.ts";

function view(change: Partial<ProjectionView["rebuild"]> = {}, more: Partial<ProjectionView> = {}): ProjectionView {
  const rebuild = { state: "completed" as const, sources: 3, events: 23, removed: 0, written: 0, set_back: 0, ...change };
  return { name: "stock", applied: 23, lag: 0, beyond: 0, rebuild, ...more };
}

/** A port of this machine that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("operators' commands", () => {
  it("say that nothing answers at an address, why, and how to start a shop", async () => {
    const url = `http://127.0.0.1:${await unusedPort()}`;
    await expect(findShop(url)).rejects.toThrow(`Nothing answers at ${url} (ECONNREFUSED).\nStart the shop with \`npm start\``);
  });

  it("say which projections there are", () => {
    expect(() => requireProjection("nope")).toThrow(
      'There is no projection "nope". There are: orders, ledger, notifications, sales, stock.',
    );
    expect(() => requireProjection("stock")).not.toThrow();
  });

  it("tell lag from a log that got shorter, and how a rebuild dealt with it", () => {
    expect(listLine(view({}, { lag: 2 }))).toBe("  stock          23 events, 2 behind; rebuild completed");
    expect(listLine(view({}, { beyond: 3 }))).toContain("0 behind, 3 that no log has: rebuild it");
    expect(doneLine(view())).toBe("  ✓ stock: 23 events of 3 logs; every row was right");
    expect(doneLine(view({ removed: 2, written: 1, set_back: 1 }))).toBe(
      "  ✓ stock: 23 events of 3 logs; 2 rows taken away, 1 written; 1 log had got shorter, and the rows went back to the end of the log",
    );
  });
});
