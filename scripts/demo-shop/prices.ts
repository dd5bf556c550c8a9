/** The demo shop's prices abroad: converted once, then rounded to what a price tag there would say. Pure. */

export interface Abroad {
  readonly currency: string;
  /** Minor units for a penny. */
  readonly rate: number;
  /** Up to which amount, in minor units, a tag is rounded to which step. */
  readonly steps: readonly { readonly below: number; readonly step: number }[];
  readonly decimals: number;
}

const CENTS = [
  { below: 1_000, step: 10 },
  { below: 5_000, step: 50 },
  { below: Number.POSITIVE_INFINITY, step: 100 },
];

export const ABROAD: readonly Abroad[] = [
  { currency: "EUR", rate: 1.17, steps: CENTS, decimals: 2 },
  { currency: "USD", rate: 1.29, steps: CENTS, decimals: 2 },
  {
    currency: "JPY",
    rate: 1.95,
    steps: [
      { below: 1_000, step: 10 },
      { below: 10_000, step: 100 },
      { below: Number.POSITIVE_INFINITY, step: 500 },
    ],
    decimals: 0,
  },
];

export function priceTag(pence: number, { rate, steps, decimals }: Abroad): string {
  const exact = pence * rate;
  const step = steps.find(({ below }) => exact < below)?.step ?? 1;
  return (Math.max(step, Math.round(exact / step) * step) / 10 ** decimals).toFixed(decimals);
}

export function pounds(pence: number): string {
  return (pence / 100).toFixed(2);
}
