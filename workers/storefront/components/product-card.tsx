/** A product in a list: one link, one picture, its price, and the badge that matters. Pure. */
import { link, type PageContext } from "../page-context.ts";
import { shellTexts } from "../texts/shell.ts";
import { Picture } from "./picture.tsx";
import { Price } from "./price.tsx";

interface MoneyValue {
  readonly amount_minor: number;
  readonly currency: string;
}

export interface CardProduct {
  readonly handle: string;
  readonly title: string;
  readonly image: string | null;
  readonly price: MoneyValue;
  readonly compareAt?: MoneyValue | null | undefined;
  /** True when variants differ in price. */
  readonly from?: boolean | undefined;
  readonly soldOut?: boolean | undefined;
  /** A line under the title, such as the material. */
  readonly note?: string | undefined;
}

interface ProductCardProps {
  readonly page: PageContext;
  readonly product: CardProduct;
  readonly eager?: boolean | undefined;
  readonly headingLevel?: 2 | 3 | undefined;
}

const CARD_SIZES = "(min-width: 64rem) 18rem, (min-width: 40rem) 30vw, 46vw";

export function ProductCard({ page, product, eager, headingLevel = 3 }: ProductCardProps) {
  const texts = shellTexts(page.locale);
  const onSale = product.compareAt != null && product.compareAt.amount_minor > product.price.amount_minor;
  const badge = product.soldOut === true ? "sold-out" : onSale ? "sale" : undefined;
  const Heading = headingLevel === 2 ? "h2" : "h3";
  return (
    <article class={`card${product.soldOut === true ? " card-sold-out" : ""}`}>
      <div class="card-picture">
        <Picture src={product.image} alt="" width={640} height={640} sizes={CARD_SIZES} eager={eager} />
        {badge === undefined ? null : (
          <span class={`badge badge-${badge}`}>{badge === "sold-out" ? texts.soldOut : texts.sale}</span>
        )}
      </div>
      <Heading class="card-title">
        <a href={link(page, `/products/${encodeURIComponent(product.handle)}`)}>{product.title}</a>
      </Heading>
      {product.note === undefined ? null : <p class="card-note">{product.note}</p>}
      <p class="card-price">
        <Price page={page} price={product.price} compareAt={product.compareAt} from={product.from} />
      </p>
    </article>
  );
}
