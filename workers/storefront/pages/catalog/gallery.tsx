/**
 * A product's pictures as one strip that is swiped or scrolled, with thumbnails that lead to each. Needs no script. Pure.
 */
import { Picture } from "../../components/picture.tsx";
import type { PageContext } from "../../page-context.ts";
import type { Product, ProductVariant } from "../../peers/catalog.ts";
import { catalogTexts } from "../../texts/catalog.ts";

interface GalleryProps {
  readonly page: PageContext;
  readonly product: Product;
  /** Its picture comes first. */
  readonly variant: ProductVariant | undefined;
}

interface Shot {
  readonly url: string | null;
  readonly alt: string;
}

const SHOT_SIZES = "(min-width: 60rem) 36rem, 100vw";
const SHOT_SIDE = 960;
const THUMBNAIL_SIDE = 72;

export function Gallery({ page, product, variant }: GalleryProps) {
  const texts = catalogTexts(page.locale).product;
  const shots = shotsOf(product, variant);
  const altOf = (shot: Shot, index: number) => shot.alt || texts.pictureOf(product.title, index + 1, shots.length);
  return (
    <div class="gallery">
      {/* A strip that scrolls must be reachable by keyboard. */}
      <ul class="gallery-strip" aria-label={texts.gallery} tabindex={shots.length > 1 ? 0 : undefined}>
        {shots.map((shot, index) => (
          <li id={`picture-${index + 1}`}>
            <Picture
              src={shot.url}
              alt={altOf(shot, index)}
              width={SHOT_SIDE}
              height={SHOT_SIDE}
              sizes={SHOT_SIZES}
              eager={index === 0}
            />
          </li>
        ))}
      </ul>
      {shots.length < 2 ? null : (
        <ul class="gallery-thumbnails">
          {shots.map((shot, index) => (
            <li>
              <a href={`#picture-${index + 1}`} aria-label={texts.showPicture(index + 1)}>
                <Picture src={shot.url} alt="" width={THUMBNAIL_SIDE} height={THUMBNAIL_SIDE} sizes="4.5rem" />
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The chosen variant's picture, then the product's; the drawn placeholder when there is none. */
function shotsOf(product: Product, variant: ProductVariant | undefined): readonly Shot[] {
  const first = product.media.find(({ url }) => url === variant?.image);
  const own = variant?.image == null || first !== undefined ? [] : [{ url: variant.image, alt: "" }];
  const shots = [...(first === undefined ? own : [first]), ...product.media.filter((item) => item !== first)];
  if (shots.length > 0) return shots;
  return [{ url: product.image, alt: product.title }];
}
