/** A port of 127.0.0.1 that nobody listens on. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below what systems lend to outgoing connections (from 32,768 on Linux, 49,152 elsewhere): a port that the system itself names is
 * lent again before whoever asked can listen on it, and a browser at work borrows hundreds.
 */
const FIRST = 15_000;
const END = 32_000;
const ATTEMPTS = 100;

/** @throws when a hundred are taken. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${FIRST} to ${END}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
