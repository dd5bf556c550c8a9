/** Which pages may open a WebSocket: browsers ask nobody, so the gateway decides. */
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { GatewayConfiguration } from "../../../workers/gateway/configuration.ts";
import type { GatewayHono } from "../../../workers/gateway/env.ts";
import { refuseForeignSockets } from "../../../workers/gateway/refuse-foreign-sockets.ts";
import { ProblemError } from "../../../workers/shared/problem.ts";

const SHOP = "https://shop.example";
const PARTNER = "https://partner.example";

async function open(headers: Record<string, string>, allowed: string[] = [PARTNER], url = `${SHOP}/v1/stock-feed`) {
  const configuration = { ALLOWED_ORIGINS: allowed, PUBLIC_URL: `${SHOP}/` } as unknown as GatewayConfiguration;
  const app = new Hono<GatewayHono>();
  app.use(refuseForeignSockets(configuration));
  app.get("/v1/stock-feed", (c) => c.text("open"));
  app.onError((error, c) => c.text(error instanceof ProblemError ? error.problem.code : String(error), 403));
  return await (await app.request(url, { headers })).text();
}

const UPGRADE = { upgrade: "WebSocket" };

describe("a web socket", () => {
  it.each([
    ["the shop's own pages", { ...UPGRADE, origin: SHOP }],
    ["pages of an allowed origin", { ...UPGRADE, origin: PARTNER }],
    ["programs that are no browser", UPGRADE],
  ])("opens for %s", async (_, headers) => {
    expect(await open(headers)).toBe("open");
  });

  it("opens for pages of the very host it is asked at", async () => {
    const local = "http://127.0.0.1:8787";
    expect(await open({ ...UPGRADE, origin: local }, [], `${local}/v1/stock-feed`)).toBe("open");
  });

  it("opens for everybody when the operator allows everybody", async () => {
    expect(await open({ ...UPGRADE, origin: "https://elsewhere.example" }, ["*"])).toBe("open");
  });

  it.each(["https://elsewhere.example", "null", "http://shop.example", "https://shop.example.evil.example"])(
    "stays shut for pages of %s",
    async (origin) => {
      expect(await open({ ...UPGRADE, origin })).toBe("origin_not_allowed");
    },
  );
});

it("leaves plain requests to CORS", async () => {
  expect(await open({ origin: "https://elsewhere.example" })).toBe("open");
});
