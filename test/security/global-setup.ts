/**
 * One served system for all security tests, with two ways in that only tests have: a published key whose private half they
 * hold, and a door behind the gateway where they write the principal themselves.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { TestProject } from "vitest/node";
import { routeMatcher } from "../../workers/gateway/match-route.ts";
import { ROUTES } from "../../workers/gateway/routing-table.ts";
import { newId } from "../../workers/shared/identifiers.ts";
import type { StaffRole } from "../../workers/shared/staff-roles.ts";
import { startSystem, type TestSystem } from "../system/serve-system.ts";
import type { ShopAddress } from "../system/shop.ts";
import { type Seated, seatStaff } from "./seat-staff.ts";

export interface AttackedSystem extends ShopAddress {
  /** Takes any request with any principal to the service that owns its path. */
  readonly sideDoor: string;
  /** Signs what the gateway takes for identity's. */
  readonly signingKey: JWK;
  /** Another key of identity's kind, which nobody published. */
  readonly unpublishedKey: JWK;
  /** A member of each role, with a session that stands. */
  readonly staff: Readonly<Record<StaffRole, Seated>>;
  /** Two that are dead, and nobody else's to settle. */
  readonly deadLetters: readonly [string, string];
}

declare module "vitest" {
  interface ProvidedContext {
    readonly attacked: AttackedSystem;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const system = await startSystem();
  const door = createServer((request, response) => {
    passOn(system, request).then(
      async (answer) => {
        response.writeHead(answer.status, [...answer.headers]);
        response.end(Buffer.from(await answer.arrayBuffer()));
      },
      (error) => response.writeHead(599).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const [signingKey, unpublishedKey] = await Promise.all([publishKey(system), newKey("unpublished")]);
  const [staff, deadLetters] = await Promise.all([seatStaff(system), putDeadLetters(system), addProducts(system)]);
  const sideDoor = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const { url, adminKey } = system;
  project.provide("attacked", { url, adminKey, sideDoor, signingKey, unpublishedKey, staff, deadLetters });
  return async () => {
    door.close();
    await system.stop();
  };
}

const ownerOf = routeMatcher(ROUTES);

async function passOn(system: TestSystem, request: IncomingMessage): Promise<Response> {
  const path = request.url ?? "/";
  const service = ownerOf(path.split("?")[0] ?? path)
    ?.service.toLowerCase()
    .replaceAll("_", "-");
  const worker = await system.worker(`holdfast-${service}`);
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const body = await buffer(request);
  const answer = await worker.fetch(`https://service.holdfast.internal${path}`, {
    method: request.method ?? "GET",
    headers: headers as Record<string, string>,
    ...(body.length === 0 ? {} : { body }),
  });
  return answer as unknown as Response;
}

async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
}

/** Before the first request: the gateway keeps the key set for minutes. */
async function publishKey(system: TestSystem): Promise<JWK> {
  const key = await newKey("of-the-tests");
  const { d: _private, ...publicHalf } = key;
  const identity = await system.database("holdfast-identity");
  await identity
    .prepare("INSERT INTO signing_keys VALUES (?, ?, 'none', 'retiring', ?, ?)")
    .bind(key.kid, JSON.stringify(publicHalf), Date.now(), Date.now())
    .run();
  return key;
}

/** Wake-ups for mails that nobody wants any more: replayed, they end there. */
async function putDeadLetters(system: TestSystem): Promise<readonly [string, string]> {
  const letters = await system.database("holdfast-dead-letters");
  const ids = [newId("dlq", Date.now()), newId("dlq", Date.now())] as const;
  const rows = ids.map((id) => ({ id, body: JSON.stringify({ messageId: newId("msg", Date.now()) }) }));
  await letters
    .prepare(
      `INSERT INTO dead_letters (id, queue, body, body_sha256, state, reason, attempts, deaths, received_at_ms, died_at_ms, changed_at_ms)
       SELECT value ->> 'id', 'account-messages', value ->> 'body', value ->> 'id', 'dead', 'a test', 1, 1, ?2, ?2, ?2 FROM json_each(?1)`,
    )
    .bind(JSON.stringify(rows), Date.now())
    .run();
  return ids;
}

async function addProducts({ url, adminKey }: TestSystem): Promise<void> {
  const variants = [{ sku: "REAL", prices: [{ amount_minor: 1_000, currency: "GBP" }], inventory_quantity: 100_000 }];
  const response = await fetch(`${url}/v1/admin/products`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json", "idempotency-key": "products" },
    body: JSON.stringify({ title: "Real thing", handle: "real", variants }),
  });
  if (!response.ok) throw new Error(`the product is refused with ${response.status}: ${await response.text()}`);
}
