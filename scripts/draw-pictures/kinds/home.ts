/** Things that make a room. Pure. */
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
  outline,
  path,
  rect,
  repeat,
  rope,
  scatter,
  text,
} from "../svg.ts";

const NIGHT = "#14283a";

export function candle(): string {
  return (
    contact(600, 886, 260) +
    circle(600, 330, 190, C.ochre, 'opacity=".16"') +
    circle(600, 330, 120, C.ochre, 'opacity=".2"') +
    cylinder(400, 470, 400, 390, C.sea, 56) +
    inside(
      outline("M400 470 L400 860 A200 56 0 0 0 800 860 L800 470Z"),
      path("M400 540 A200 56 0 0 0 800 540 L800 470 L400 470Z", C.white, 'opacity=".35"'),
    ) +
    ellipse(600, 470, 200, 56, light(C.sea, 0.5)) +
    ellipse(600, 474, 182, 46, C.cream) +
    line("M600 470 L600 410", C.charcoal, 9) +
    path("M600 250 C650 320 656 360 640 394 C626 420 574 420 560 394 C544 360 556 316 600 250Z", C.honey) +
    path("M602 320 C624 356 628 376 618 396 C610 410 590 410 582 396 C574 376 584 350 602 320Z", C.white) +
    rect(470, 600, 260, 180, 12, C.cream) +
    path("M500 700 C540 660 660 660 700 690 C690 716 640 700 600 716 C560 730 520 724 500 700Z", C.walnut) +
    line("M560 690 C550 660 556 646 580 636 M640 684 C650 660 664 652 680 652", C.walnut, 11) +
    text(600, 764, 26, C.teal, "DRIFTWOOD")
  );
}

export function vase(): string {
  const body = "M540 430 C540 480 410 540 400 680 C394 800 470 884 600 884 C730 884 806 800 800 680 C790 540 660 480 660 430Z";
  const sprig = (d: string, leaves: readonly (readonly [number, number, number])[]): string =>
    line(d, C.olive, 9) +
    leaves
      .map(([x, y, turn]) =>
        group(
          `translate(${x} ${y}) rotate(${turn})`,
          path("M0 0 C24 -40 24 -70 0 -100 C-24 -70 -24 -40 0 0Z", C.moss),
          line("M0 0 L0 -80", dark(C.moss, 0.2), 4),
        ),
      )
      .join("");
  return (
    contact(600, 888, 260) +
    sprig("M596 440 C590 330 560 250 500 170", [
      [580, 350, -70],
      [570, 310, 40],
      [548, 250, -64],
      [530, 220, 44],
      [500, 176, -30],
    ]) +
    sprig("M606 440 C620 340 680 280 740 230", [
      [622, 370, 70],
      [640, 340, -20],
      [680, 290, 80],
      [700, 262, 0],
      [740, 232, 50],
    ]) +
    line("M602 440 C604 330 612 250 606 130", C.walnut, 7) +
    repeat(9, (i) => circle(606 + (i % 2 === 0 ? -18 : 18), 120 + i * 26, 15, i % 3 === 0 ? light(C.coral, 0.3) : C.coral)) +
    path(body, C.slate) +
    inside(
      outline(body),
      path("M380 640 C480 600 540 690 640 650 C720 620 760 640 820 620 L820 420 L380 420Z", light(C.slate, 0.42)),
      repeat(90, (i) =>
        circle(400 + scatter(i) * 400, 470 + scatter(i, 2) * 410, 3 + scatter(i, 4) * 3, dark(C.slate, 0.35), 'opacity=".5"'),
      ),
      path("M690 440 C760 560 780 720 700 890 L840 890 L840 440Z", NIGHT, 'opacity=".13"'),
      path("M450 590 C424 640 424 720 450 780 L480 770 C460 710 462 650 486 590Z", C.white, 'opacity=".3"'),
    ) +
    ellipse(600, 430, 62, 17, light(C.slate, 0.5)) +
    ellipse(600, 432, 48, 11, dark(C.slate, 0.5))
  );
}

export function doormat(): string {
  const ring = (rx: number, ry: number): string =>
    `M${600 - rx} 600 A${rx} ${ry} 0 1 0 ${600 + rx} 600 A${rx} ${ry} 0 1 0 ${600 - rx} 600`;
  const loops = repeat(18, (i) => {
    const angle = (i / 18) * Math.PI * 2;
    const x = 600 + Math.cos(angle) * 330;
    const y = 600 + Math.sin(angle) * 225;
    return rope(`M${x - 34} ${y} a34 34 0 1 0 68 0 a34 34 0 1 0 -68 0`, C.oat, 24);
  });
  return (
    loops +
    ellipse(600, 600, 330, 224, dark(C.oat, 0.4)) +
    rope(ring(300, 196), C.oat, 34) +
    rope(ring(254, 154), C.sand, 34) +
    rope(ring(208, 114), C.oat, 34) +
    rope(ring(160, 74), C.teal, 34) +
    rope(ring(112, 34), C.oat, 34) +
    rope("M510 600 L690 600", C.sand, 28)
  );
}

export function tideClock(): string {
  return (
    circle(600, 610, 356, dark(C.wood, 0.35)) +
    circle(600, 600, 356, C.wood) +
    circle(600, 600, 318, C.brass) +
    circle(600, 600, 300, C.foam) +
    inside(
      '<circle cx="600" cy="600" r="300"/>',
      path("M280 640 q53 -50 107 0 t107 0 t107 0 t107 0 t107 0 t107 0 L940 940 L280 940Z", light(C.sea, 0.3)),
      path("M280 720 q53 -46 107 0 t107 0 t107 0 t107 0 t107 0 t107 0 L940 940 L280 940Z", C.sea),
      path("M280 800 q53 -40 107 0 t107 0 t107 0 t107 0 t107 0 t107 0 L940 940 L280 940Z", C.teal),
    ) +
    repeat(60, (i) => line("M600 322 L600 336", C.deep, i % 5 === 0 ? 9 : 4, `transform="rotate(${i * 6} 600 600)"`)) +
    text(600, 390, 36, C.deep, "HIGH") +
    text(600, 856, 36, C.foam, "LOW") +
    path("M470 540 C476 500 520 500 540 520 C556 500 600 504 610 540Z", C.white) +
    group(
      "rotate(52 600 600)",
      path("M588 620 L596 372 L600 356 L604 372 L612 620Z", C.rust),
      circle(600, 372, 22, C.rust),
      circle(600, 660, 26, C.rust),
    ) +
    circle(600, 600, 26, C.brass) +
    circle(600, 600, 10, dark(C.brass, 0.4)) +
    path("M386 424 A276 276 0 0 1 540 330", "none", `stroke="${C.white}" stroke-width="18" stroke-linecap="round" opacity=".8"`)
  );
}

export function cushion(colour: string): string {
  const d = "M290 320 C400 356 800 356 910 320 C880 440 880 760 910 880 C800 846 400 846 290 880 C320 760 320 440 290 320Z";
  return (
    path(d, colour) +
    inside(
      outline(d),
      repeat(62, (i) =>
        line(`M280 ${310 + i * 9.4} L920 ${310 + i * 9.4}`, i % 2 === 0 ? light(colour, 0.12) : dark(colour, 0.05), 3),
      ),
      path("M720 300 C760 500 760 700 700 900 L930 900 L930 300Z", NIGHT, 'opacity=".09"'),
      line(
        "M300 330 C420 460 440 520 430 580 M900 330 C800 440 780 500 790 560 M300 870 C400 780 430 740 440 690 M900 870 C820 790 790 750 780 700",
        dark(colour, 0.22),
        8,
        'opacity=".7"',
      ),
      path("M330 360 C420 384 560 390 640 386 L640 410 C540 416 420 410 340 390Z", C.white, 'opacity=".25"'),
    ) +
    line(
      "M296 328 C400 362 800 362 904 328 C878 440 878 760 904 872 C800 840 400 840 296 872 C322 760 322 440 296 328Z",
      dark(colour, 0.25),
      6,
      'stroke-dasharray="16 11"',
    ) +
    repeat(3, (i) => circle(520 + i * 80, 600, 15, dark(colour, 0.35)) + circle(518 + i * 80, 597, 12, light(colour, 0.35)))
  );
}

export function hooks(): string {
  const hook = (x: number): string =>
    ellipse(x, 450, 52, 74, C.brass) +
    ellipse(x + 12, 450, 38, 70, dark(C.brass, 0.14)) +
    circle(x, 412, 12, dark(C.brass, 0.5)) +
    circle(x, 490, 12, dark(C.brass, 0.5)) +
    line(`M${x} 470 C${x} 620 ${x - 4} 690 ${x + 44} 700 C${x + 92} 706 ${x + 104} 650 ${x + 98} 610`, dark(C.brass, 0.25), 42) +
    line(`M${x} 466 C${x} 616 ${x - 4} 686 ${x + 44} 696 C${x + 92} 702 ${x + 104} 646 ${x + 98} 606`, C.brass, 34) +
    line(`M${x - 6} 500 C${x - 8} 600 ${x - 8} 640 ${x + 6} 668`, light(C.brass, 0.6), 7) +
    circle(x + 98, 592, 30, C.brass) +
    circle(x + 92, 584, 10, light(C.brass, 0.6));
  return (
    rect(170, 370, 860, 170, 26, dark(C.teal, 0.25)) +
    rect(170, 360, 860, 164, 26, C.teal) +
    line("M200 400 C400 390 700 412 1000 396 M200 470 C460 480 700 456 1000 476", dark(C.teal, 0.16), 6) +
    hook(300) +
    hook(580) +
    hook(860) +
    line(
      "M616 700 C600 760 560 800 540 900 C536 950 570 980 600 980 C640 980 660 950 650 910 C640 800 630 760 624 706",
      C.rust,
      22,
    )
  );
}

export function polish(): string {
  const hex = (x: number, y: number, r: number, fill: string): string =>
    path(`M${x} ${y - r} l${r * 0.87} ${r / 2} l0 ${r} l${-r * 0.87} ${r / 2} l${-r * 0.87} ${-r / 2} l0 ${-r}Z`, fill);
  return (
    contact(560, 872, 310) +
    cylinder(310, 610, 500, 230, C.ochre, 70) +
    inside(
      outline("M310 610 L310 840 A250 70 0 0 0 810 840 L810 610Z"),
      repeat(14, (i) => hex(340 + (i % 7) * 72, 720 + Math.floor(i / 7) * 62, 34, dark(C.ochre, 0.12))),
      rect(310, 700, 520, 100, 0, C.cream, 'opacity=".96"'),
    ) +
    text(560, 830 - 60, 44, C.walnut, "BEESWAX") +
    ellipse(560, 610, 250, 70, dark(C.ochre, 0.3)) +
    ellipse(560, 614, 230, 60, light(C.honey, 0.35)) +
    path(
      "M380 620 C440 580 540 640 620 600 C680 576 740 590 770 606 C740 570 640 554 560 554 C460 554 390 580 380 620Z",
      light(C.honey, 0.65),
    ) +
    group(
      "translate(770 380) rotate(16)",
      ellipse(-20, -46, 70, 34, C.white, 'opacity=".85" transform="rotate(-36 -20 -46)"'),
      ellipse(46, -50, 66, 32, C.white, 'opacity=".85" transform="rotate(20 46 -50)"'),
      ellipse(0, 20, 92, 56, C.honey),
      inside(
        '<ellipse cx="0" cy="20" rx="92" ry="56"/>',
        repeat(3, (i) => rect(-30 + i * 44, -50, 20, 140, 0, C.walnut)),
      ),
      circle(-84, 14, 36, C.walnut),
      line("M-104 -14 q-20 -30 -40 -28 M-90 -20 q-6 -34 -26 -44", C.walnut, 7),
    ) +
    line("M860 480 C940 540 900 620 980 640", C.walnut, 6, 'stroke-dasharray="4 20"')
  );
}

/** Framed. */
export function chart(): string {
  const land = "M330 250 L560 250 C540 330 470 360 480 430 C490 520 400 540 410 640 C416 720 370 760 330 780Z";
  const coast = "M870 250 L700 250 C690 330 760 380 740 470 C724 560 800 600 780 690 C766 770 820 830 810 950 L870 950Z";
  return (
    rect(276, 186, 648, 838, 10, dark(C.walnut, 0.35)) +
    rect(270, 176, 648, 838, 10, C.walnut) +
    rect(300, 206, 588, 778, 0, C.white) +
    rect(330, 250, 540, 700, 0, light(C.sea, 0.55)) +
    inside(
      '<rect x="330" y="250" width="540" height="700"/>',
      repeat(5, (i) =>
        line(
          `M560 250 C${540 + i * 16} 330 ${470 + i * 22} 360 ${480 + i * 20} 430 C${490 + i * 18} 520 ${400 + i * 24} 540 ${410 + i * 24} 640 C${416 + i * 26} 760 ${370 + i * 30} 800 ${330 + i * 40} 960`,
          C.sea,
          5,
          'opacity=".55"',
        ),
      ),
      path(land, C.sand),
      path(coast, C.sand),
      line("M560 250 C540 330 470 360 480 430 C490 520 400 540 410 640 C416 720 370 760 330 780", C.walnut, 6),
      line("M700 250 C690 330 760 380 740 470 C724 560 800 600 780 690 C766 770 820 830 810 950", C.walnut, 6),
      ellipse(600, 600, 54, 90, C.sand, 'transform="rotate(18 600 600)"'),
      line("M620 260 C600 400 680 470 660 560 C640 680 520 720 560 940", C.rust, 6, 'stroke-dasharray="18 14"'),
      repeat(26, (i) => circle(500 + scatter(i) * 220, 300 + scatter(i, 2) * 620, 4, C.deep)),
    ) +
    group(
      "translate(434 868)",
      circle(0, 0, 62, C.white),
      repeat(
        4,
        (i) => `<g transform="rotate(${i * 90})">${path("M0 -58 L12 -12 L0 0 L-12 -12Z", i === 0 ? C.rust : C.navy)}</g>`,
      ),
    ) +
    path("M640 420 l0 -60 l34 50Z M616 428 l70 0 l-12 20 l-48 0Z", C.rust) +
    rect(330, 250, 540, 700, 0, "none", `stroke="${C.navy}" stroke-width="6"`) +
    path("M300 206 L420 206 L300 420Z", C.white, 'opacity=".25"')
  );
}
