/** Cloudflare's list prices of the paid plan in US dollars, as published in November 2026. `docs/scaling.md` names the pages. */

export interface Price {
  /** For a million, beyond what is included. */
  readonly perMillion: number;
  /** A month. */
  readonly included: number;
}

export const BASE_FEE_PER_MONTH = 5;

export const PRICES = {
  requests: { perMillion: 0.3, included: 10e6 },
  processorMs: { perMillion: 0.02, included: 30e6 },
  objectRequests: { perMillion: 0.15, included: 1e6 },
  objectGigabyteSeconds: { perMillion: 12.5, included: 400_000 },
  objectRowsRead: { perMillion: 0.001, included: 25e9 },
  objectRowsWritten: { perMillion: 1, included: 50e6 },
  databaseRowsRead: { perMillion: 0.001, included: 25e9 },
  databaseRowsWritten: { perMillion: 1, included: 50e6 },
  queueOperations: { perMillion: 0.4, included: 1e6 },
  pictureReads: { perMillion: 0.36, included: 10e6 },
} as const satisfies Readonly<Record<string, Price>>;

export type Billed = keyof typeof PRICES;

/** For a gigabyte and a month; the first five are included. */
export const OBJECT_STORAGE_PRICE = 0.2;
export const DATABASE_STORAGE_PRICE = 0.75;
export const STORAGE_INCLUDED_GIGABYTES = 5;
