/** A price in the shopper's currency and language; a sale shows both prices and says which is which. Pure. */
import { formatMoney, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";

interface MoneyValue {
  readonly amount_minor: number;
  readonly currency: string;
}

interface PriceProps {
  readonly page: Pick<PageContext, "locale" | "market">;
  readonly price: MoneyValue;
  /** The former price; shown only when it is higher. */
  readonly compareAt?: MoneyValue | null | undefined;
  /** True when variants cost more than this one. */
  readonly from?: boolean | undefined;
  readonly large?: boolean | undefined;
}

export function Price({ page, price, compareAt, from, large }: PriceProps) {
  const texts = shellTexts(page.locale);
  const onSale = compareAt != null && compareAt.amount_minor > price.amount_minor;
  return (
    <span class={`price${large === true ? " price-large" : ""}${onSale ? " price-sale" : ""}`}>
      {onSale ? <span class="visually-hidden">{texts.salePrice} </span> : null}
      {from === true && texts.from !== "" ? <span class="price-from">{texts.from} </span> : null}
      <span class="price-now">{formatMoney(page, price)}</span>
      {from === true && page.locale === "ja" ? <span class="price-from">〜</span> : null}
      {onSale ? (
        <>
          {" "}
          <span class="visually-hidden">{texts.formerPrice} </span>
          <s class="price-was">{formatMoney(page, compareAt)}</s>
        </>
      ) : null}
    </span>
  );
}
