/** Products as a grid of cards. Pure. */
import { ProductCard } from "../../components/product-card.tsx";
import type { PageContext } from "../../page-context.ts";
import type { ListItem } from "../../peers/catalog.ts";

interface ProductGridProps {
  readonly page: PageContext;
  readonly items: readonly ListItem[];
  /** So many pictures are above the fold on some screen. */
  readonly eagerCount?: number;
  readonly headingLevel?: 2 | 3;
}

export function ProductGrid({ page, items, eagerCount = 0, headingLevel = 3 }: ProductGridProps) {
  return (
    <ul class="product-grid">
      {items.map((item, index) => (
        <li>
          <ProductCard
            page={page}
            product={{
              handle: item.handle,
              title: item.title,
              image: item.image,
              price: item.price_from,
              compareAt: item.compare_at_from,
              from: item.price_varies,
              soldOut: item.sold_out,
            }}
            eager={index < eagerCount}
            headingLevel={headingLevel}
          />
        </li>
      ))}
    </ul>
  );
}
