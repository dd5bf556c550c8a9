/** Categories as pictures to choose from. Pure. */
import { Picture } from "../../components/picture.tsx";
import { link, type PageContext } from "../../page-context.ts";
import type { Category } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";
import { categoryPath } from "./structured-data.ts";

interface CategoryTilesProps {
  readonly page: PageContext;
  readonly categories: readonly Category[];
}

const TILE_SIZES = "(min-width: 64rem) 17rem, (min-width: 40rem) 30vw, 46vw";
const TILE_SIDE = 640;

export function CategoryTiles({ page, categories }: CategoryTilesProps) {
  const texts = catalogTexts(page.locale).home;
  return (
    <ul class="tiles">
      {categories.map(({ handle, title, image, product_count }) => (
        <li class="tile">
          <a href={link(page, categoryPath(handle))}>
            <Picture src={image} alt="" width={TILE_SIDE} height={TILE_SIDE} sizes={TILE_SIZES} />
            <span class="tile-text">
              <span class="tile-title">{title}</span>
              <span class="tile-count">{texts.categoryCount(product_count)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
