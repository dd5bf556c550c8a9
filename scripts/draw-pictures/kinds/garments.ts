/** Coats, jackets, jumpers: one cut with sleeves, hems, collars, hoods and closings to choose from. Pure. */
import { both, circle, dark, inside, light, line, outlineBoth, path, rect, repeat } from "../svg.ts";

const NIGHT = "#14283a";

export interface Cut {
  readonly colour: string;
  /** Height of the hem, 760 (cropped) to 1010 (coat). */
  readonly hem: number;
  /** Half the width of the hem. */
  readonly half: number;
  readonly sleeves?: boolean;
  readonly cuff?: string;
}

export function bodyPath({ hem, half }: Cut): string {
  const side = 600 - half;
  return `M601 276 L522 262 C484 284 444 298 408 318 C402 392 414 452 420 520 L${side} ${hem - 10} Q${side} ${hem} ${side + 12} ${hem + 2} Q${600 - half / 2} ${hem + 14} 601 ${hem + 14}Z`;
}

const SLEEVE = "M446 296 C376 318 340 366 328 440 L254 806 C251 822 258 830 272 834 L336 850 C352 853 360 846 364 830 L436 560 Z";
const CUFF = "M262 766 L254 806 C251 822 258 830 272 834 L336 850 C352 853 360 846 364 830 L373 794 Z";

/** Sleeves behind, body before them, light from the left. `pattern` lies on body and sleeves. */
export function top(cut: Cut, pattern = ""): string {
  const body = bodyPath(cut);
  const sleeve = dark(cut.colour, 0.09);
  const sleeves =
    cut.sleeves === false
      ? ""
      : both(path(SLEEVE, sleeve)) +
        inside(
          outlineBoth(SLEEVE),
          `<g opacity=".75">${pattern}</g>`,
          shade(850),
          both(line("M446 520 L380 800", NIGHT, 26, 'opacity=".08"')),
        ) +
        (cut.cuff === undefined ? "" : both(path(CUFF, cut.cuff), line("M264 764 L374 792", dark(cut.cuff, 0.25), 5)));
  return (
    sleeves +
    both(path(body, cut.colour)) +
    inside(outlineBoth(body), pattern, shade(760), both(line("M420 330 C408 400 418 470 424 540", NIGHT, 20, 'opacity=".07"')))
  );
}

function shade(x: number): string {
  return path(`M${x} 150 C${x - 70} 480 ${x - 50} 760 ${x + 10} 1100 L1200 1100 L1200 150Z`, NIGHT, 'opacity=".08"');
}

export function hood(colour: string, lining: string, peak = false): string {
  const outer = "M601 118 C508 118 448 184 462 300 C490 336 552 352 601 352 Z";
  const inner = "M601 176 C546 176 508 214 514 292 C530 318 566 334 601 334 Z";
  return (
    both(path(outer, dark(colour, 0.05)), path(inner, lining)) +
    inside(outlineBoth(outer), shade(720)) +
    (peak ? both(path("M601 160 C556 160 520 178 504 216 C536 196 570 192 601 192Z", light(colour, 0.14))) : "") +
    both(line("M528 326 C532 352 536 372 534 400", light(lining, 0.5), 6), circle(534, 408, 8, light(lining, 0.5)))
  );
}

export function standCollar(colour: string, inner: string): string {
  return (
    both(path("M601 214 C560 214 532 222 520 238 L514 276 C540 300 570 306 601 306Z", inner)) +
    both(path("M520 234 C512 250 510 268 512 284 C536 316 570 326 601 328 L601 282 C566 278 538 262 520 234Z", colour))
  );
}

export function shirtCollar(colour: string, inner: string): string {
  return (
    both(path("M601 226 C562 226 536 232 524 244 L540 300 L601 320Z", inner)) +
    both(path("M522 238 C506 256 496 282 492 306 L558 356 L601 304 C568 296 540 274 522 238Z", colour)) +
    both(line("M494 306 L558 354", dark(colour, 0.3), 4))
  );
}

export function crewNeck(colour: string, inner: string): string {
  return (
    both(path("M601 232 C560 232 532 238 520 254 C536 296 568 312 601 314Z", inner)) +
    both(path("M520 246 C510 258 508 268 512 280 C530 326 566 344 601 346 L601 310 C568 308 540 290 524 250Z", colour)) +
    both(line("M528 262 C544 294 572 309 601 311", dark(inner, 0.3), 4))
  );
}

export function rollNeck(colour: string): string {
  const neck = "M601 188 C556 188 528 194 518 208 C512 240 508 270 502 296 C530 326 566 336 601 336Z";
  return (
    both(path(neck, light(colour, 0.12))) +
    inside(
      outlineBoth(neck),
      repeat(15, (i) => line(`M${506 + i * 13.5} 180 L${498 + i * 14.5} 340`, dark(colour, 0.13), 4)),
    ) +
    both(path("M601 188 C560 188 530 193 520 206 C540 219 570 223 601 223Z", dark(colour, 0.24))) +
    both(line("M503 294 C530 324 566 333 601 333", dark(colour, 0.25), 5))
  );
}

export function zip(from: number, to: number, tape: string, teeth = "#d9dfe2"): string {
  return (
    line(`M600 ${from} L600 ${to}`, tape, 20) +
    line(`M600 ${from} L600 ${to}`, teeth, 6, 'stroke-dasharray="2 9"') +
    rect(592, from + 6, 16, 34, 7, teeth)
  );
}

export function placket(from: number, to: number, colour: string): string {
  return (
    rect(572, from, 56, to - from, 0, colour) +
    line(`M572 ${from} L572 ${to}`, dark(colour, 0.25), 4) +
    line(`M628 ${from} L628 ${to}`, dark(colour, 0.25), 4)
  );
}

export function buttons(from: number, to: number, count: number, colour: string, x = 600): string {
  return repeat(count, (i) => {
    const y = from + ((to - from) * i) / (count - 1);
    return (
      circle(x + 2, y + 3, 15, dark(colour, 0.5), 'opacity=".4"') + circle(x, y, 15, colour) + circle(x, y, 9, dark(colour, 0.16))
    );
  });
}

export function slantPockets(y: number, colour: string): string {
  return both(
    line(`M500 ${y} L458 ${y + 120}`, dark(colour, 0.3), 12),
    line(`M506 ${y + 2} L465 ${y + 118}`, light(colour, 0.2), 4),
  );
}

export function flapPockets(x: number, y: number, width: number, height: number, colour: string): string {
  const flap = `M${x} ${y} L${x + width} ${y} L${x + width} ${y + 42} L${x + width / 2} ${y + 60} L${x} ${y + 42}Z`;
  return both(
    rect(x + 3, y + 10, width - 6, height, 10, dark(colour, 0.1)),
    path(flap, light(colour, 0.08)),
    line(`M${x} ${y + 42} L${x + width / 2} ${y + 60} L${x + width} ${y + 42}`, dark(colour, 0.3), 4),
  );
}

export function hem(cut: Cut, height: number, colour: string, ribbed = true): string {
  const band = path(`M380 ${cut.hem - height} L820 ${cut.hem - height} L820 ${cut.hem + 40} L380 ${cut.hem + 40}Z`, colour);
  const ribs = ribbed
    ? repeat(32, (i) => line(`M${388 + i * 14} ${cut.hem - height} l0 ${height + 40}`, dark(colour, 0.16), 4))
    : "";
  return inside(
    outlineBoth(bodyPath(cut)),
    band,
    ribs,
    line(`M380 ${cut.hem - height} L820 ${cut.hem - height}`, dark(colour, 0.28), 5),
    shade(760),
  );
}

/** Ribbed ends of both sleeves. */
export function ribbedCuffs(colour: string): string {
  return (
    both(path(CUFF, colour)) +
    inside(
      outlineBoth(CUFF),
      repeat(14, (i) => both(line(`M${262 + i * 10} 750 l-24 110`, dark(colour, 0.16), 4))),
    ) +
    both(line("M264 764 L374 792", dark(colour, 0.28), 5))
  );
}

export function quilt(colour: string, step: number, from = 300, to = 960): string {
  return repeat(Math.ceil((to - from) / step), (i) => {
    const y = from + i * step;
    return (
      line(`M360 ${y} Q600 ${y + 16} 840 ${y}`, dark(colour, 0.24), 5) +
      line(`M360 ${y + 8} Q600 ${y + 24} 840 ${y + 8}`, light(colour, 0.2), 5)
    );
  });
}

export function trousers(colour: string, accent: string): string {
  const leg =
    "M601 210 L430 210 C418 210 414 218 413 230 L372 968 C371 982 380 990 394 990 L520 990 C534 990 541 984 543 970 L592 470 L601 440Z";
  return (
    both(path(leg, colour)) +
    inside(
      outlineBoth(leg),
      shade(770),
      both(line("M601 430 L560 700", NIGHT, 30, 'opacity=".1"')),
      both(rect(360, 860, 200, 14, 0, light(colour, 0.5))),
    ) +
    both(
      line("M432 330 L396 930", accent, 12),
      line("M432 330 L396 930", light(accent, 0.6), 4, 'stroke-dasharray="2 9"'),
      line("M500 262 L470 350", dark(colour, 0.4), 9),
    ) +
    both(path("M601 206 L426 206 L424 256 L601 256Z", dark(colour, 0.16))) +
    line("M600 256 L600 440", dark(colour, 0.3), 5) +
    rect(548, 214, 104, 34, 8, light(colour, 0.16)) +
    both(line("M575 240 C566 290 562 312 560 330", accent, 7), circle(560, 336, 9, accent))
  );
}
