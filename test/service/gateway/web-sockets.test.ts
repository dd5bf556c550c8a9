/** A WebSocket passes through the gateway to the service that opened it. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { GUEST } from "../../../workers/shared/principal.ts";
import { call, echo, peer, problemOf, resetPeers } from "./client.ts";

afterEach(resetPeers);

const UPGRADE = { upgrade: "websocket" };
const FEED = "/v1/stock-feed?sku=A%2FB";

describe("a web socket", () => {
  it("is asked for by the same path and upgrade, as a guest", async () => {
    const seen = await echo(await call(FEED, { headers: UPGRADE }));
    expect(seen).toMatchObject({ service: "inventory", path: FEED, headers: UPGRADE, principal: GUEST });
  });

  it("carries messages both ways, and its answer the request id and nothing internal", async () => {
    await peer("INVENTORY").behave({ mode: "socket" });
    const response = await call(FEED, { headers: { ...UPGRADE, "x-request-id": "my-request-1" } });
    expect(response.status).toBe(101);
    expect(response.headers.get("x-request-id")).toBe("my-request-1");
    expect(response.headers.has("x-holdfast-principal")).toBe(false);
    const heard: string[] = [];
    response.webSocket?.addEventListener("message", ({ data }) => {
      heard.push(String(data));
    });
    response.webSocket?.accept();
    response.webSocket?.send("hello");
    await vi.waitFor(() => expect(heard).toEqual(["heard hello"]), { timeout: 2_000 });
    response.webSocket?.close();
  });

  it("is a plain problem when the service is away", async () => {
    await peer("INVENTORY").behave({ mode: "throw" });
    expect(await problemOf(await call(FEED, { headers: UPGRADE }))).toEqual({ status: 503, code: "service_unavailable" });
  });
});
