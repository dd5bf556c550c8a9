/**
 * The ES256 keys that sign access tokens, in D1. The first is made on first use: a unique index lets one writer win, and
 * everybody then reads the winner. Private halves are sealed; a key that can no longer be opened retires by itself.
 */
import { and, eq } from "drizzle-orm";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK } from "jose";
import { logger } from "../shared/telemetry.ts";
import { ACCESS_TOKEN_ALGORITHM } from "./contract.ts";
import type { Database, Store } from "./env.ts";
import { type KeyMaterial, keyMaterial, seal, unseal } from "./key-material.ts";
import { planKeyRotation, SIGNER_CACHE_MS } from "./plan-key-rotation.ts";
import { type SigningKeyRow, signingKeys } from "./schema.ts";

export interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** Two readings of an empty table can both insert; a third round means something else is wrong. */
const ATTEMPTS_MAX = 3;

let cached: { readonly signer: Signer; readonly secret: string; readonly readAtMs: number } | undefined;

/** The key to sign with now; another isolate's rotation is noticed within a minute. */
export async function currentSigner(store: Store, nowMs: number): Promise<Signer> {
  const age = cached === undefined ? Number.POSITIVE_INFINITY : nowMs - cached.readAtMs;
  if (cached !== undefined && cached.secret === store.keySecret && age >= 0 && age < SIGNER_CACHE_MS) return cached.signer;
  const signer = await loadSigner(store, nowMs);
  cached = { signer, secret: store.keySecret, readAtMs: nowMs };
  return signer;
}

/** Reads the active key, or makes it. */
export async function loadSigner(store: Store, nowMs: number): Promise<Signer> {
  const material = await keyMaterial(store.keySecret);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const row = await readActive(store.database);
    if (row === undefined) {
      await insertKey(store.database, material, "active", nowMs);
      continue;
    }
    const privateJwk = await unseal(material, row.kid, row.sealedPrivateJwk);
    if (privateJwk !== undefined) return { kid: row.kid, privateKey: await importPrivateKey(privateJwk) };
    logger("identity").warn("signing_key_unreadable", {
      kid: row.kid,
      hint: "KEY_ENCRYPTION_SECRET was changed; a new key is made",
    });
    await moveState(store.database, row.kid, "active", "retiring", nowMs);
  }
  throw new Error("no signing key could be made");
}

async function importPrivateKey(privateJwk: string): Promise<CryptoKey> {
  const key = await importJWK(JSON.parse(privateJwk) as JWK, ACCESS_TOKEN_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error("a signing key cannot be symmetric");
  return key;
}

async function readActive(database: Database): Promise<SigningKeyRow | undefined> {
  return await database.select().from(signingKeys).where(eq(signingKeys.state, "active")).get();
}

/** Loses quietly to a writer who already holds the state. */
async function insertKey(database: Database, material: KeyMaterial, state: "active" | "pending", nowMs: number): Promise<void> {
  const pair = await generateKeyPair(ACCESS_TOKEN_ALGORITHM, { extractable: true });
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
  const kid = await calculateJwkThumbprint(publicJwk);
  const sealedPrivateJwk = await seal(material, kid, JSON.stringify(privateJwk));
  await database
    .insert(signingKeys)
    .values({ kid, publicJwk: JSON.stringify(publicJwk), sealedPrivateJwk, state, createdAtMs: nowMs, stateSinceMs: nowMs })
    .onConflictDoNothing();
}

function moveState(database: Database, kid: string, from: SigningKeyRow["state"], to: SigningKeyRow["state"], nowMs: number) {
  return database
    .update(signingKeys)
    .set({ state: to, stateSinceMs: nowMs })
    .where(and(eq(signingKeys.kid, kid), eq(signingKeys.state, from)));
}

/** Public halves of all keys whose tokens may be seen, and of the next signer. */
export async function publicKeySet(store: Store, nowMs: number): Promise<JSONWebKeySet> {
  let rows = await store.database.select().from(signingKeys).orderBy(signingKeys.createdAtMs);
  if (!rows.some((row) => row.state === "active")) {
    await loadSigner(store, nowMs);
    rows = await store.database.select().from(signingKeys).orderBy(signingKeys.createdAtMs);
  }
  return { keys: rows.map(publicKey) };
}

/** Names the members one by one: nothing else of a row can ever be published. */
function publicKey(row: SigningKeyRow): JWK {
  const { kty, crv, x, y } = JSON.parse(row.publicJwk) as Record<"kty" | "crv" | "x" | "y", string>;
  return { kty, crv, x, y, kid: row.kid, use: "sig", alg: ACCESS_TOKEN_ALGORITHM };
}

/** Publishes the next signer unless one is already waiting. @returns its kid. */
export async function publishNextSigner(store: Store, nowMs: number): Promise<string> {
  await insertKey(store.database, await keyMaterial(store.keySecret), "pending", nowMs);
  const pending = await store.database.select().from(signingKeys).where(eq(signingKeys.state, "pending")).get();
  if (pending === undefined) throw new Error("the next signing key was not written");
  return pending.kid;
}

/** Takes the rotation steps that are due. Steps are conditional, so that two runs at once do no harm. */
export async function rotateSigningKeys(store: Store, nowMs: number): Promise<void> {
  const keys = await store.database.select().from(signingKeys);
  for (const step of planKeyRotation(keys, nowMs)) {
    switch (step.kind) {
      case "publish_next":
        await publishNextSigner(store, nowMs);
        break;
      case "promote":
        await promote(store.database, step.kid, keys, nowMs);
        break;
      case "drop":
        await store.database.delete(signingKeys).where(and(eq(signingKeys.kid, step.kid), eq(signingKeys.state, "retiring")));
        break;
    }
  }
}

async function promote(database: Database, kid: string, keys: readonly SigningKeyRow[], nowMs: number): Promise<void> {
  const start = moveState(database, kid, "pending", "active", nowMs);
  const active = keys.find((key) => key.state === "active");
  if (active === undefined) await start;
  else await database.batch([moveState(database, active.kid, "active", "retiring", nowMs), start]);
}
