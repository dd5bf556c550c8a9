/** A small older shop at a real port: echoes what reached it, and misbehaves as its path says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    legacyOrigin: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("legacyOrigin", `http://127.0.0.1:${port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  if (path.startsWith("/old/hangs")) return;
  if (path.startsWith("/old/breaks")) return void request.socket.destroy();
  if (path.startsWith("/old/away")) return redirect(response, new URL(path, "http://x").searchParams.get("to") ?? "");
  if (path.startsWith("/old/cookies")) return setCookies(response);
  if (path.startsWith("/old/endless")) return endless(response);
  const body = await bodyOf(request);
  response.writeHead(path.startsWith("/old/missing") ? 404 : 200, {
    "content-type": path.endsWith(".css") ? "text/css" : "application/json",
    server: "OldShop/1.0",
    "x-powered-by": "PHP/5.6",
    "x-holdfast-principal": "forged",
    "access-control-allow-origin": "https://evil.example",
    "access-control-allow-credentials": "true",
    "clear-site-data": '"*"',
    "strict-transport-security": "max-age=0",
    "x-old": "kept",
  });
  response.end(
    request.method === "HEAD" ? undefined : JSON.stringify({ method: request.method, path, headers: request.headers, body }),
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("latin1").slice(0, 1_000);
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { location: to }).end();
}

function setCookies(response: ServerResponse): void {
  const cookies = [
    "PHPSESSID=1; Path=/; Domain=old.example; HttpOnly",
    "wp_lang=de",
    "tracker=9",
    "__Host-holdfast-session=stolen",
  ];
  response.writeHead(200, { "content-type": "text/html", "set-cookie": cookies, "cache-control": "public, max-age=600" });
  response.end("<p>old");
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/plain" });
  const send = () => {
    if (response.destroyed) return;
    response.write("x".repeat(65_536), () => setImmediate(send));
  };
  send();
}
