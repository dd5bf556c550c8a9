/** Tins, tubs, jars and packets of the pantry; labels are small pictures of their own. Pure. */
import { C } from "../palette.ts";
import {
  circle,
  contact,
  cylinder,
  dark,
  ellipse,
  group,
  inside,
  light,
  line,
  mix,
  outline,
  path,
  rect,
  repeat,
  scatter,
  text,
} from "../svg.ts";

const NIGHT = "#14283a";

function saltTub(body: string, lid: string, crystals: string, name: string): string {
  const flakes = repeat(15, (i) => {
    const x = 770 + scatter(i) * 230;
    const y = 866 + scatter(i, 2) * 40;
    return group(
      `translate(${x} ${y}) rotate(${scatter(i, 3) * 90})`,
      rect(-13, -13, 26, 26, 3, crystals),
      path("M-13 -13 L13 -13 L0 0Z", light(crystals, 0.6)),
    );
  });
  return (
    contact(540, 884, 270) +
    cylinder(330, 440, 420, 420, body, 58) +
    inside(
      outline("M330 440 L330 860 A210 58 0 0 0 750 860 L750 440Z"),
      path("M330 600 q52 -36 105 0 t105 0 t105 0 t105 0 L750 700 L330 700Z", C.sea),
      path("M330 650 q52 -36 105 0 t105 0 t105 0 t105 0 L750 720 L330 720Z", dark(C.sea, 0.3)),
      rect(330, 700, 420, 60, 0, C.cream),
      rect(640, 430, 120, 500, 0, NIGHT, 'opacity=".12"'),
      rect(372, 430, 36, 500, 0, C.white, 'opacity=".25"'),
    ) +
    text(540, 744, 40, C.deep, name) +
    circle(540, 560, 36, C.cream) +
    cylinder(314, 380, 452, 76, lid, 62) +
    ellipse(540, 380, 226, 62, light(lid, 0.16)) +
    ellipse(540, 380, 190, 48, lid) +
    flakes
  );
}

export function seaSalt(): string {
  return saltTub(C.white, C.navy, "#ffffff", "SEA SALT");
}

export function smokedSalt(): string {
  return saltTub(mix(C.walnut, C.charcoal, 0.5), C.rust, C.oat, "SMOKED");
}

export function sardines(): string {
  const fish = (y: number, tone: string): string =>
    group(
      `translate(0 ${y})`,
      path("M330 0 C420 -62 620 -66 760 -8 L850 -56 L836 0 L850 56 L760 10 C620 60 420 58 330 0Z", tone),
      path("M330 0 C420 58 620 60 760 10 C620 26 420 24 330 0Z", light(tone, 0.6)),
      circle(392, -8, 9, C.deep),
      line("M440 -34 q20 34 0 66", dark(tone, 0.3), 6),
      line("M500 -20 L720 -8", dark(tone, 0.25), 5, 'stroke-dasharray="16 12"'),
    );
  return (
    rect(220, 330, 760, 540, 120, dark(C.steel, 0.3)) +
    rect(220, 318, 760, 530, 120, C.steel) +
    rect(248, 346, 704, 474, 96, C.ochre) +
    rect(248, 346, 704, 474, 96, "none", `stroke="${light(C.ochre, 0.4)}" stroke-width="8"`) +
    fish(480, C.sea) +
    fish(590, C.teal) +
    fish(700, C.sea) +
    text(600, 800, 34, C.deep, "SARDINES") +
    path("M300 318 C320 250 880 250 900 318 L900 336 C760 316 440 316 300 336Z", light(C.steel, 0.3)) +
    circle(600, 262, 50, "none", `stroke="${dark(C.steel, 0.25)}" stroke-width="18"`) +
    rect(574, 300, 52, 34, 14, dark(C.steel, 0.2))
  );
}

export function oatcakes(): string {
  const cake = (x: number, y: number, r: number, turn: number): string =>
    ellipse(x, y + 14, r, r * 0.96, dark(C.oat, 0.3)) +
    circle(x, y, r, C.oat) +
    group(
      `rotate(${turn} ${x} ${y})`,
      repeat(26, (i) =>
        ellipse(
          x + (scatter(i, turn) - 0.5) * r * 1.5,
          y + (scatter(i, turn + 1) - 0.5) * r * 1.5,
          8,
          5,
          i % 4 === 0 ? C.teal : i % 2 === 0 ? light(C.oat, 0.5) : dark(C.oat, 0.22),
        ),
      ),
      repeat(9, (i) => circle(x + ((i % 3) - 1) * r * 0.45, y + (Math.floor(i / 3) - 1) * r * 0.45, 6, dark(C.oat, 0.42))),
    );
  const box = "M300 300 L640 300 L640 860 L300 860Z";
  return (
    contact(560, 868, 330) +
    path("M640 300 L720 262 L720 824 L640 860Z", dark(C.moss, 0.3)) +
    path("M300 300 L380 262 L720 262 L640 300Z", light(C.moss, 0.18)) +
    path(box, C.moss) +
    inside(
      outline(box),
      path("M300 640 q42 -40 85 0 t85 0 t85 0 t85 0 L640 860 L300 860Z", C.teal),
      path("M300 720 q42 -40 85 0 t85 0 t85 0 t85 0 L640 860 L300 860Z", dark(C.teal, 0.3)),
      repeat(5, (i) =>
        line(`M${330 + i * 68} 870 C${310 + i * 68} 800 ${370 + i * 68} 760 ${336 + i * 68} 690`, light(C.moss, 0.2), 12),
      ),
    ) +
    rect(340, 356, 260, 150, 10, C.cream) +
    text(470, 424, 34, C.olive, "SEAWEED") +
    text(470, 472, 30, C.olive, "OATCAKES") +
    cake(800, 770, 110, 10) +
    cake(700, 816, 96, 50) +
    cake(880, 836, 86, 80)
  );
}

export function coffee(colour: string): string {
  const bag = "M380 300 L820 300 L850 380 L860 860 C860 880 848 890 830 890 L370 890 C352 890 340 880 340 860 L350 380Z";
  const beans = repeat(7, (i) =>
    group(
      `translate(${250 + i * 118 + (i % 2) * 20} ${900 + (i % 3) * 22}) rotate(${i * 47})`,
      ellipse(0, 0, 34, 24, C.walnut),
      line("M-26 0 q13 -12 26 0 t26 0", dark(C.walnut, 0.45), 6),
    ),
  );
  return (
    contact(600, 892, 320) +
    path(bag, colour) +
    inside(
      outline(bag),
      path("M340 380 L390 520 L370 890 L330 890Z", C.white, 'opacity=".12"'),
      path("M790 300 L760 560 L800 890 L880 890 L880 300Z", NIGHT, 'opacity=".14"'),
      line("M350 382 L850 382", dark(colour, 0.3), 6),
    ) +
    rect(372, 250, 456, 70, 12, dark(colour, 0.2)) +
    line("M390 286 L810 286", light(colour, 0.3), 5, 'stroke-dasharray="4 10"') +
    rect(350, 272, 500, 24, 8, C.brass) +
    circle(600, 470, 26, dark(colour, 0.35)) +
    circle(600, 470, 10, dark(colour, 0.6)) +
    rect(420, 540, 360, 270, 12, C.cream) +
    path("M470 690 C500 610 700 610 730 690 L700 730 L500 730Z", C.teal) +
    path("M600 560 L600 660 M600 566 L680 650 L600 650Z", C.rust, `stroke="${C.walnut}" stroke-width="7"`) +
    line("M450 740 q25 -18 50 0 t50 0 t50 0 t50 0 t50 0 t50 0", C.sea, 9) +
    text(600, 790, 32, C.walnut, "HARBOUR") +
    beans
  );
}

export function tea(): string {
  const d = "M360 400 L840 400 L840 860 C840 876 830 884 814 884 L386 884 C370 884 360 876 360 860Z";
  const beam =
    path("M600 520 L360 450 L360 600Z", C.ochre, 'opacity=".35"') + path("M600 520 L840 450 L840 600Z", C.ochre, 'opacity=".35"');
  return (
    contact(600, 888, 300) +
    path(d, C.navy) +
    inside(
      outline(d),
      beam,
      path("M360 800 q40 -30 80 0 t80 0 t80 0 t80 0 t80 0 t80 0 L840 900 L360 900Z", C.sea),
      path("M500 816 C520 770 680 770 700 816Z", dark(C.moss, 0.3)),
      path("M562 560 L638 560 L660 800 L540 800Z", C.white),
      path("M557 610 L643 610 L649 670 L551 670Z M547 730 L653 730 L660 790 L540 790Z", C.rust),
      rect(566, 500, 68, 60, 6, C.ochre),
      path("M552 504 L600 460 L648 504Z", C.rust),
      rect(780, 390, 70, 500, 0, NIGHT, 'opacity=".2"'),
      rect(388, 390, 26, 500, 0, C.white, 'opacity=".14"'),
    ) +
    rect(346, 330, 508, 92, 16, C.brass) +
    rect(346, 396, 508, 26, 8, dark(C.brass, 0.25)) +
    rect(780, 330, 74, 92, 12, dark(C.brass, 0.2)) +
    rect(380, 344, 26, 60, 8, light(C.brass, 0.5)) +
    rect(560, 300, 80, 34, 12, dark(C.brass, 0.12))
  );
}

export function honey(): string {
  const jar =
    "M390 430 C390 400 420 390 440 380 L760 380 C780 390 810 400 810 430 L810 820 C810 860 786 880 750 880 L450 880 C414 880 390 860 390 820Z";
  return (
    contact(600, 884, 280) +
    path(jar, C.honey) +
    inside(
      outline(jar),
      rect(390, 380, 430, 56, 0, light(C.honey, 0.6)),
      rect(720, 380, 100, 520, 0, dark(C.honey, 0.4), 'opacity=".35"'),
      rect(424, 400, 36, 460, 0, C.white, 'opacity=".4"'),
    ) +
    rect(440, 540, 320, 230, 16, C.cream) +
    repeat(5, (i) =>
      path(`M${470 + i * 62} ${606 + (i % 2) * 30} l24 -14 l24 14 l0 28 l-24 14 l-24 -14Z`, i % 2 === 0 ? C.heather : C.ochre),
    ) +
    text(600, 728, 38, C.walnut, "HEATHER") +
    cylinder(400, 300, 400, 74, C.heather, 40) +
    ellipse(600, 300, 200, 40, light(C.heather, 0.2)) +
    path(
      "M410 372 C440 420 470 384 500 424 C540 380 570 430 600 396 C640 432 660 384 700 424 C730 384 760 420 790 372 Z",
      C.heather,
    ) +
    group(
      "translate(850 430) rotate(24)",
      line("M0 0 L0 300", C.wood, 22),
      repeat(5, (i) =>
        rect(
          -46 + Math.abs(i - 2) * 8,
          290 + i * 26,
          92 - Math.abs(i - 2) * 16,
          18,
          9,
          i % 2 === 0 ? C.wood : dark(C.wood, 0.15),
        ),
      ),
      path("M-30 400 C-40 450 40 450 30 400Z", C.honey),
    )
  );
}

export function chocolate(): string {
  const square = (x: number, y: number): string =>
    rect(x, y, 108, 96, 10, C.walnut) +
    rect(x + 12, y + 10, 84, 72, 8, light(C.walnut, 0.1)) +
    path(`M${x + 12} ${y + 82} l84 0 l0 -72 l-12 12 l0 48Z`, dark(C.walnut, 0.3));
  const wrapper = "M320 520 L880 520 L880 960 L320 960Z";
  return group(
    "rotate(12 600 600) translate(0 -40)",
    rect(346, 240, 508, 420, 14, dark(C.walnut, 0.4)),
    repeat(12, (i) => square(362 + (i % 4) * 120, 254 + Math.floor(i / 4) * 108)),
    repeat(26, (i) =>
      group(
        `translate(${370 + scatter(i) * 460} ${260 + scatter(i, 2) * 240}) rotate(${scatter(i, 3) * 90})`,
        rect(-6, -6, 12, 12, 2, C.white),
      ),
    ),
    path(
      "M310 540 L360 486 L420 530 L480 478 L540 528 L604 480 L664 530 L730 482 L790 530 L846 486 L890 540 L890 600 L310 600Z",
      C.steel,
    ),
    path("M310 540 L360 486 L420 530 L480 478 L540 528 L604 480 L604 600 L310 600Z", light(C.steel, 0.4)),
    path(wrapper, C.teal),
    inside(
      outline(wrapper),
      repeat(5, (i) => line(`M300 ${640 + i * 62} q50 -34 100 0 t100 0 t100 0 t100 0 t100 0 t100 0`, light(C.teal, 0.22), 10)),
      path("M780 500 L900 500 L900 980 L740 980Z", NIGHT, 'opacity=".12"'),
    ),
    rect(420, 650, 360, 190, 12, C.cream),
    text(600, 732, 44, C.walnut, "DARK 70%"),
    text(600, 796, 30, C.teal, "SEA SALT"),
  );
}
