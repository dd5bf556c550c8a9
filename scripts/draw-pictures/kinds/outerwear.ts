/** Outerwear: what keeps weather out. Pure. */
import { C } from "../palette.ts";
import { both, circle, dark, inside, light, line, outlineBoth, path, rect, repeat, scatter } from "../svg.ts";
import {
  bodyPath,
  buttons,
  type Cut,
  flapPockets,
  hem,
  hood,
  placket,
  quilt,
  shirtCollar,
  slantPockets,
  standCollar,
  top,
  trousers,
  zip,
} from "./garments.ts";

export function rainJacket(colour: string): string {
  const cut: Cut = { colour, hem: 900, half: 188, cuff: dark(colour, 0.2) };
  const seams = both(line("M408 420 Q500 450 601 452", dark(colour, 0.2), 5));
  return (
    top(cut, seams) +
    hood(colour, dark(colour, 0.45), true) +
    zip(330, 912, dark(colour, 0.34)) +
    slantPockets(640, colour) +
    both(rect(430, 480, 92, 14, 7, light(colour, 0.35)))
  );
}

export function waxedCoat(colour: string): string {
  const cut: Cut = { colour, hem: 1020, half: 206, cuff: dark(colour, 0.15) };
  return (
    top(cut, both(line("M400 470 Q500 492 601 494", dark(colour, 0.2), 5))) +
    placket(316, 1032, dark(colour, 0.06)) +
    shirtCollar(C.walnut, dark(C.walnut, 0.4)) +
    both(repeat(9, (i) => line(`M${504 + i * 7} ${306 - i * 6} l34 26`, dark(C.walnut, 0.25), 3))) +
    buttons(400, 900, 5, C.brass) +
    flapPockets(424, 720, 128, 150, colour) +
    both(line("M432 560 L436 640", dark(colour, 0.34), 12))
  );
}

export function fleece(colour: string): string {
  const cut: Cut = { colour, hem: 880, half: 186, cuff: C.teal };
  const nap = repeat(340, (i) => {
    const x = 240 + scatter(i) * 720;
    const y = 270 + scatter(i, 2) * 640;
    return line(`M${x} ${y} q6 -9 12 0`, i % 3 === 0 ? light(colour, 0.6) : dark(colour, 0.12), 4);
  });
  return (
    top(cut, nap) +
    hem(cut, 34, C.teal, false) +
    standCollar(C.teal, dark(C.teal, 0.4)) +
    zip(296, 560, dark(C.teal, 0.2)) +
    path("M440 470 L552 470 L552 590 Q496 606 440 590Z", C.teal) +
    line("M446 486 L546 486", light(C.teal, 0.5), 6, 'stroke-dasharray="3 8"')
  );
}

export function vest(colour: string): string {
  const cut: Cut = { colour, hem: 860, half: 186, sleeves: false };
  return (
    top(cut, quilt(colour, 74)) +
    both(line("M409 320 C402 392 414 452 420 520", dark(colour, 0.35), 16)) +
    standCollar(colour, C.ochre) +
    zip(300, 872, dark(colour, 0.36), C.ochre) +
    both(line("M470 650 L470 760", dark(colour, 0.42), 12), rect(460, 640, 20, 26, 6, C.ochre))
  );
}

export function parka(colour: string): string {
  const cut: Cut = { colour, hem: 1020, half: 212, cuff: dark(colour, 0.2) };
  const fur = both(
    repeat(17, (i) => {
      const angle = Math.PI * (0.5 + (i / 16) * 0.62);
      return circle(600 + Math.cos(angle) * 146, 288 - Math.sin(angle) * 166, 27, i % 2 === 0 ? C.oat : light(C.oat, 0.35));
    }),
  );
  return (
    top(cut, "") +
    hood(colour, C.ochre) +
    fur +
    placket(352, 1032, dark(colour, 0.08)) +
    buttons(430, 950, 6, C.brass) +
    both(line("M414 690 Q500 700 572 700", dark(colour, 0.3), 9)) +
    flapPockets(412, 760, 136, 160, colour) +
    flapPockets(444, 470, 96, 90, colour)
  );
}

export function smock(colour: string): string {
  const cut: Cut = { colour, hem: 900, half: 200, cuff: dark(colour, 0.14) };
  const pocket = "M454 650 L746 650 L770 850 L430 850Z";
  return (
    top(cut, both(line("M408 400 Q500 418 601 420", dark(colour, 0.22), 5, 'stroke-dasharray="14 9"'))) +
    path("M572 300 L628 300 L606 480 L594 480Z", dark(colour, 0.5)) +
    shirtCollar(light(colour, 0.06), dark(colour, 0.5)) +
    path(pocket, dark(colour, 0.1)) +
    line(pocket, dark(colour, 0.32), 5, 'stroke-dasharray="14 9"') +
    line("M454 650 L430 770", dark(colour, 0.4), 10) +
    line("M746 650 L770 770", dark(colour, 0.4), 10) +
    line("M585 360 L616 380 M584 400 L614 420 M588 440 L610 458", C.cream, 6)
  );
}

export function overtrousers(colour: string): string {
  return trousers(colour, C.ochre);
}

export function windshirt(colour: string): string {
  const cut: Cut = { colour, hem: 860, half: 180, cuff: dark(colour, 0.12) };
  const band = path("M200 400 L1000 400 L1000 470 L200 470Z", C.white, 'opacity=".55"');
  return (
    top(cut, band) +
    hem(cut, 26, dark(colour, 0.12), false) +
    standCollar(light(colour, 0.1), dark(colour, 0.35)) +
    zip(300, 520, dark(colour, 0.3)) +
    inside(
      outlineBoth(bodyPath(cut)),
      repeat(4, (i) => line(`M${470 + i * 70} ${560 + (i % 2) * 40} q20 100 -10 220`, dark(colour, 0.14), 5)),
    ) +
    path("M640 530 L740 530 L740 620 Q690 634 640 620Z", dark(colour, 0.1)) +
    line("M640 530 L740 530", dark(colour, 0.4), 7)
  );
}
