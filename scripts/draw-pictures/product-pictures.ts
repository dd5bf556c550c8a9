/** The pictures of one product: itself, each further colour it comes in, and a detail on a quieter ground. Pure. */
import { colourOption, type DemoProduct } from "../demo-shop/assortment.ts";
import { colourPicture, detailPicture, productPicture } from "../demo-shop/picture-keys.ts";
import { slug } from "../demo-shop/slug.ts";
import { DRAWINGS } from "./drawings.ts";
import { SHADES, TINTS, type Tint } from "./palette.ts";
import { picture } from "./scene.ts";
import { mix } from "./svg.ts";

/** Key and SVG. @throws when the product, its category or a colour of it has not been drawn. */
export function productPictures(category: string, product: DemoProduct): [string, string][] {
  const handle = slug(product.title);
  const drawing = DRAWINGS[handle];
  const tint = TINTS[category];
  if (drawing === undefined || tint === undefined) throw new Error(`nobody has drawn ${handle}`);
  const colours = colourOption(product)?.values ?? [];
  const [first, ...others] = colours.map((name) => ({ name, shade: shadeOf(name) }));
  const shown = first?.shade ?? drawing.colour;
  const main: [string, string] = [productPicture(handle), picture(drawing.draw(shown), tint, drawing.stage)];
  const variants = others.map(({ name, shade }): [string, string] => [
    colourPicture(handle, name),
    picture(drawing.draw(shade), tint, drawing.stage),
  ]);
  if (drawing.detail === undefined) return [main, ...variants];
  const detail = picture(drawing.draw(shown), quieter(tint), drawing.stage, drawing.detail);
  return [main, ...variants, [detailPicture(handle), detail]];
}

function shadeOf(name: string): string {
  const shade = SHADES[name];
  if (shade === undefined) throw new Error(`${name} is no colour of the palette`);
  return shade;
}

function quieter(tint: Tint): Tint {
  return {
    ground: mix(tint.ground, "#ffffff", 0.45),
    floor: mix(tint.floor, "#ffffff", 0.45),
    halo: mix(tint.halo, "#ffffff", 0.45),
  };
}
