/**
 * Makes variants, each once: requests of one isolate for the same variant share one encoding, few encodings run at a time,
 * and when too many wait the next is refused instead of queued. What is made is kept in the bucket for every other isolate.
 */
import type { Clock, EpochMs } from "../shared/clock.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Variant } from "./negotiate-variant.ts";
import { readOriginal, variantName } from "./picture-store.ts";

/** The decoder holds whole pictures in memory. */
const ENCODINGS_AT_ONCE = 4;
const ENCODINGS_WAITING_MAX = 200;
/** An encoding whose request was torn down never ends: nobody waits longer for it, and the next request starts anew. */
const ENCODING_MS_MAX = 7_000;
/** Whoever waits looks ever more seldom: hundreds who look at once would take the time that the encodings need. */
const POLL_MIN_MS = 15;
const POLL_MAX_MS = 240;
const QUALITY = 80;

export interface VariantOrder {
  readonly key: string;
  readonly version: string;
  readonly variant: Variant;
}

export interface VariantFailed {
  /** `gone`: overwritten or deleted meanwhile; `broken`: the original does not decode; `busy`: not now. */
  readonly code: "gone" | "broken" | "busy";
  readonly reason: string;
}

type Outcome = Result<ArrayBuffer, VariantFailed>;

/** Plain data: a request may look at what another one does, but must not wait on its promises or timers. */
interface Encoding {
  readonly askedAtMs: number;
  outcome: Outcome | null;
}

export interface MakerBindings {
  readonly IMAGES: ImagesBinding;
  readonly ORIGINALS: R2Bucket;
}

export class VariantMaker {
  readonly #encodings = new Map<string, Encoding>();
  /** Of those, the ones that have a place, and since when: whoever waits for one looks here, again and again. */
  readonly #running = new Map<Encoding, EpochMs>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param keepAlive lets the encoding end, and be kept, when its first asker has left. */
  async make(bindings: MakerBindings, order: VariantOrder, keepAlive: (work: Promise<unknown>) => void): Promise<Outcome> {
    const name = variantName(order.key, order.version, order.variant);
    const known = this.#encodings.get(name);
    if (known !== undefined && this.#isAlive(known.askedAtMs)) return await outcomeOf(known);
    if (this.#encodings.size >= ENCODINGS_WAITING_MAX) this.#forgetDead();
    if (this.#encodings.size >= ENCODINGS_WAITING_MAX) return tooBusy();
    const encoding: Encoding = { askedAtMs: this.#clock.now(), outcome: null };
    this.#encodings.set(name, encoding);
    keepAlive(this.#run(bindings, order, name, encoding));
    return await outcomeOf(encoding);
  }

  async #run(bindings: MakerBindings, order: VariantOrder, name: string, encoding: Encoding): Promise<void> {
    await until(() => this.#start(encoding));
    encoding.outcome = await encodeAndKeep(bindings, order, name);
    this.#running.delete(encoding);
    if (this.#encodings.get(name) === encoding) this.#encodings.delete(name);
  }

  /** Takes a place when there is one: looking and taking are one step. */
  #start(encoding: Encoding): boolean {
    for (const [other, startedAtMs] of this.#running) if (!this.#isAlive(startedAtMs)) this.#running.delete(other);
    if (this.#running.size >= ENCODINGS_AT_ONCE) return false;
    this.#running.set(encoding, this.#clock.now());
    return true;
  }

  #forgetDead(): void {
    for (const [name, { askedAtMs }] of this.#encodings) if (!this.#isAlive(askedAtMs)) this.#encodings.delete(name);
  }

  #isAlive(sinceMs: number): boolean {
    return this.#clock.now() - sinceMs < ENCODING_MS_MAX;
  }
}

async function encodeAndKeep(bindings: MakerBindings, order: VariantOrder, name: string): Promise<Outcome> {
  try {
    const original = await readOriginal(bindings.ORIGINALS, order.key, order.version);
    if (original === null) return err({ code: "gone", reason: "the original is not there any more" });
    const encoded = await encodePicture(bindings.IMAGES, original, order.variant);
    await bindings.ORIGINALS.put(name, encoded, { httpMetadata: { contentType: `image/${order.variant.format}` } });
    return ok(encoded);
  } catch (error) {
    return err({ code: "broken", reason: String(error) });
  }
}

/** @throws what the Images binding throws: the picture does not decode, or the service is away. */
export async function encodePicture(images: ImagesBinding, original: ReadableStream, variant: Variant): Promise<ArrayBuffer> {
  const result = await images
    .input(original)
    .transform({ width: variant.width, fit: "scale-down", ...(variant.format === "jpeg" ? { background: "#ffffff" } : {}) })
    .output({ format: `image/${variant.format}`, quality: QUALITY });
  return await result.response().arrayBuffer();
}

async function outcomeOf(encoding: Encoding): Promise<Outcome> {
  await until(() => encoding.outcome !== null);
  return encoding.outcome ?? tooBusy();
}

/** Looks again and again, for as long as anybody waits; each request by its own timer. */
async function until(isSo: () => boolean): Promise<void> {
  let waitedMs = 0;
  for (let pauseMs = POLL_MIN_MS; !isSo() && waitedMs < ENCODING_MS_MAX; pauseMs = Math.min(POLL_MAX_MS, pauseMs * 1.25)) {
    await scheduler.wait(pauseMs);
    waitedMs += pauseMs;
  }
}

function tooBusy(): Outcome {
  return err({ code: "busy", reason: "pictures are being made as fast as they can" });
}
