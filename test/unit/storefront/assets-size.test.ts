/** What browsers load: small, without the other languages, and without code that a content policy would refuse. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { buildStorefront } from "../../../scripts/build-storefront.ts";
import { ROOT } from "../../../scripts/workers.ts";
import { LOCALES } from "../../../workers/shared/locales.ts";
import { liveTexts } from "../../../workers/storefront/texts/live.ts";

const GZIP_BYTES_MAX = 20 * 1_024;

interface Built {
  readonly styleSheet: string;
  readonly script: string;
  readonly files: Readonly<Record<string, { readonly body: string }>>;
}

let script: string;
let styleSheet: string;

beforeAll(async () => {
  await buildStorefront();
  const built = JSON.parse(await readFile(join(ROOT, "workers/storefront/assets/built.json"), "utf8")) as Built;
  script = built.files[built.script]?.body ?? "";
  styleSheet = built.files[built.styleSheet]?.body ?? "";
});

describe("the shop's script", () => {
  it("holds every island", () => {
    for (const island of ["hold-countdown", "live-stock", "refresh-form", "search", "variant-picker"]) {
      expect(script).toContain(island);
    }
  });

  it("has at most 20 kB gzipped", () => {
    expect(gzipSync(script).byteLength).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  });

  it("brings no texts of its own", () => {
    for (const locale of LOCALES) expect(script).not.toContain(liveTexts(locale).failed);
  });

  it("needs no permission to make code from text", () => {
    expect(script).not.toMatch(/\beval\(|new Function\(|\.innerHTML\b|\binsertAdjacentHTML\b/);
  });
});

describe("the shop's style sheet", () => {
  it("has at most 20 kB gzipped", () => {
    expect(styleSheet).toContain(".cart-drawer");
    expect(gzipSync(styleSheet).byteLength).toBeLessThanOrEqual(GZIP_BYTES_MAX);
  });

  it("loads nothing from elsewhere", () => {
    expect(styleSheet).not.toMatch(/@import|url\((?!["']?data:)/);
  });
});
