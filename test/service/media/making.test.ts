/** How variants are made under a storm of requests: shared, bounded, and never stuck behind a request that died. */
import { describe, expect, it } from "vitest";
import { VariantQueue } from "../../../workers/media/make-later.ts";
import { type MakerBindings, VariantMaker, type VariantOrder } from "../../../workers/media/make-variant.ts";

/** An Images binding that only counts, and takes `takesMs` for each encoding. */
function countingBindings(takesMs = 30) {
  const seen = { encodings: 0, running: 0, mostRunning: 0, kept: new Set<string>() };
  async function output() {
    seen.encodings++;
    seen.mostRunning = Math.max(seen.mostRunning, ++seen.running);
    await scheduler.wait(takesMs);
    seen.running--;
    return { response: () => new Response("picture") };
  }
  const bindings = {
    IMAGES: { input: () => ({ transform: () => ({ output }) }) },
    ORIGINALS: {
      get: async () => ({ body: new Blob(["original"]).stream() }),
      put: async (name: string) => seen.kept.add(name),
    },
  };
  return { seen, bindings: bindings as unknown as MakerBindings };
}

function order(name: string): VariantOrder {
  return { key: `products/${name}.webp`, version: "v1", variant: { width: 320, format: "webp" } };
}

const clock = { nowMs: 1_000_000, now: () => clock.nowMs };
const ignore = (): void => undefined;

describe("making a variant", () => {
  it("happens once for everybody who asks meanwhile", async () => {
    const { seen, bindings } = countingBindings();
    const maker = new VariantMaker(clock);
    const made = await Promise.all(Array.from({ length: 50 }, () => maker.make(bindings, order("one"), ignore)));
    expect(seen.encodings).toBe(1);
    expect(made.every((result) => result.ok && result.value.byteLength === 7)).toBe(true);
  });

  it("happens for at most four variants at a time, and for all of them in the end", async () => {
    const { seen, bindings } = countingBindings(10);
    const maker = new VariantMaker(clock);
    await Promise.all(Array.from({ length: 20 }, (_, index) => maker.make(bindings, order(`p${index}`), ignore)));
    expect(seen.mostRunning).toBe(4);
    expect(seen.kept.size).toBe(20);
  });

  it("is refused when two hundred wait already", async () => {
    const { bindings } = countingBindings(0);
    const maker = new VariantMaker(clock);
    const waiting = Array.from({ length: 200 }, (_, index) => maker.make(bindings, order(`p${index}`), ignore));
    expect(await maker.make(bindings, order("one-more"), ignore)).toMatchObject({ ok: false, error: { code: "busy" } });
    await Promise.all(waiting);
    expect(await maker.make(bindings, order("one-more"), ignore)).toMatchObject({ ok: true });
  });

  it("starts anew when the request that was making it is gone", async () => {
    const dead = countingBindings(60_000);
    const { seen, bindings } = countingBindings();
    const maker = new VariantMaker(clock);
    void maker.make(dead.bindings, order("one"), ignore);
    await scheduler.wait(50);
    clock.nowMs += 7_001;
    expect(await maker.make(bindings, order("one"), ignore)).toMatchObject({ ok: true });
    expect(seen.encodings).toBe(1);
  });
});

describe("making variants later", () => {
  it("is one request's work at a time, one variant after another, each once", async () => {
    const queue = new VariantQueue(clock);
    const made: string[] = [];
    let running = 0;
    const make = async ({ key }: VariantOrder) => {
      expect(++running).toBe(1);
      await scheduler.wait(5);
      running--;
      made.push(key);
    };
    const work = queue.add(order("a"), make);
    const others = ["b", "b", "c"].map((name) => queue.add(order(name), make));
    expect(others).toEqual([undefined, undefined, undefined]);
    await work;
    expect(made).toEqual(["a", "b", "c"].map((name) => `products/${name}.webp`));
  });

  it("is taken over when the request that worked at it is gone", async () => {
    const queue = new VariantQueue(clock);
    void queue.add(order("stuck"), () => new Promise(ignore));
    clock.nowMs += 10_001;
    const made: string[] = [];
    await queue.add(order("next"), async ({ key }) => made.push(key));
    expect(made).toEqual(["products/stuck.webp", "products/next.webp"]);
  });
});
