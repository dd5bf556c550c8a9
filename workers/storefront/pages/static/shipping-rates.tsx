/** The table of delivery prices on the delivery page, from the shop's own rates. */
import { countryName } from "../../country-names.ts";
import { formatMoney, type PageContext } from "../../page-context.ts";
import { readShippingEstimate, type ShippingOption } from "../../peers/catalog.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { staticTexts } from "../../texts/static.ts";

/** Countries with rates of their own; the second stands for all of Europe. */
const DESTINATIONS = ["GB", "DE", "US", "JP"] as const;
const EUROPE = "DE";
/** Has no rates of its own in any shop so far. */
const ELSEWHERE = "NZ";

interface DestinationRates {
  /** Null: everywhere else. */
  readonly country: string | null;
  readonly options: readonly ShippingOption[];
}

export interface ReadRates {
  readonly rows: readonly DestinationRates[];
  /** False when some could not be read: the page stands without them, but not for long. */
  readonly complete: boolean;
}

export async function readRates(page: PageContext): Promise<ReadRates> {
  const ask = (country: string) =>
    readShippingEstimate(page, { country, currency: page.market.currency, subtotalMinor: 0, weightGrams: 0 });
  const answers = await Promise.all([ELSEWHERE, ...DESTINATIONS].map(ask));
  const [elsewhere, ...named] = answers;
  const worldwide = elsewhere?.ok === true ? elsewhere.value : [];
  const everywhere = new Set(worldwide.map(({ id }) => id));
  const rows = DESTINATIONS.map((country, index): DestinationRates => {
    const answer = named[index];
    const options = answer?.ok === true ? answer.value : [];
    const own = options.filter(({ id }) => !everywhere.has(id));
    return { country, options: own.length > 0 ? own : options };
  });
  return {
    rows: [...rows, { country: null, options: worldwide }].filter(({ options }) => options.length > 0),
    complete: answers.every(({ ok }) => ok),
  };
}

export function ShippingRates({ page, rates }: { readonly page: PageContext; readonly rates: readonly DestinationRates[] }) {
  const { rates: texts } = staticTexts(page.locale);
  if (rates.length === 0) return <p>{texts.unavailable}</p>;
  return (
    <table class="facts">
      <caption class="visually-hidden">{texts.caption(page.market.currency)}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.option}</th>
          <th scope="col">{texts.price}</th>
          <th scope="col">{texts.time}</th>
        </tr>
      </thead>
      {rates.map(({ country, options }) => (
        <tbody>
          <tr class="facts-group">
            <th scope="rowgroup" colspan={3}>
              {destination(page, country)}
            </th>
          </tr>
          {options.map((option) => (
            <tr>
              <RateCells page={page} option={option} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function destination(page: PageContext, country: string | null): string {
  const { rates: texts } = staticTexts(page.locale);
  if (country === null) return texts.elsewhere;
  if (country === EUROPE) return texts.europe;
  return countryName(page, country);
}

function RateCells({ page, option }: { readonly page: PageContext; readonly option: ShippingOption }) {
  const { rates: texts } = staticTexts(page.locale);
  const { checkout } = checkoutTexts(page.locale);
  const price = formatMoney(page, option.price);
  return (
    <>
      <th scope="row">{checkout.options[option.id] ?? option.name}</th>
      <td>
        {/* Priced by weight: what stands here is the lightest parcel. */}
        {option.id === "parcel" ? texts.from(price) : price}
        {option.free_above === null ? null : (
          <span class="facts-note">{texts.freeAbove(formatMoney(page, option.free_above))}</span>
        )}
      </td>
      <td>{checkout.days(option.estimated_days)}</td>
    </>
  );
}
