/**
 * Which variant a product page shows, and where each option value leads: the variant with this one value replaced, or the
 * nearest that exists. Pure.
 */

/** What a choice depends on. */
export interface Choosable {
  readonly sku: string;
  readonly option_values: readonly string[];
}

export interface OptionValue {
  readonly value: string;
  readonly selected: boolean;
  /** The variant that choosing this value leads to. */
  readonly sku: string;
  /** False when the combination with the other chosen values does not exist, so that they change as well. */
  readonly exact: boolean;
}

export interface OptionChoice {
  readonly name: string;
  /** Place among the product's options, from 0. */
  readonly index: number;
  readonly selected: string;
  readonly values: readonly OptionValue[];
}

/** The wanted variant; else the first that can be bought, else the first. Undefined for a product without variants. */
export function chosenVariant<V extends Choosable>(
  variants: readonly V[],
  wantedSku: string | undefined,
  isLikelyBuyable: (variant: V) => boolean,
): V | undefined {
  return variants.find((variant) => variant.sku === wantedSku) ?? variants.find(isLikelyBuyable) ?? variants[0];
}

/** The options of a product as choices around the chosen variant. Values that no variant has are left out. */
export function optionChoices(
  options: readonly { readonly name: string; readonly values: readonly string[] }[],
  variants: readonly Choosable[],
  chosen: Choosable,
): OptionChoice[] {
  return options.map((option, index) => {
    const values = option.values.flatMap((value) => {
      const target = nearestVariant(variants, chosen, index, value);
      if (target === undefined) return [];
      return [{ value, selected: chosen.option_values[index] === value, ...target }];
    });
    return { name: option.name, index, selected: chosen.option_values[index] ?? "", values };
  });
}

/** Among the variants with the value: the one that keeps most of the other chosen values, the earlier options first. */
function nearestVariant(
  variants: readonly Choosable[],
  chosen: Choosable,
  index: number,
  value: string,
): { readonly sku: string; readonly exact: boolean } | undefined {
  let best: { sku: string; exact: boolean; score: number } | undefined;
  for (const variant of variants) {
    if (variant.option_values[index] !== value) continue;
    const kept = chosen.option_values.map((other, at) => at === index || variant.option_values[at] === other);
    // Earlier options weigh more than all later ones together.
    const score = kept.reduce((sum, same) => sum * 2 + (same ? 1 : 0), 0);
    if (best === undefined || score > best.score) best = { sku: variant.sku, exact: kept.every(Boolean), score };
  }
  return best === undefined ? undefined : { sku: best.sku, exact: best.exact };
}
