/** Things for a day outside. Pure. */
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
} from "../svg.ts";

const NIGHT = "#14283a";

export function lantern(colour: string): string {
  const globe = "M470 440 C430 520 430 620 476 690 L724 690 C770 620 770 520 730 440Z";
  return (
    contact(600, 890, 270) +
    line("M420 760 C330 520 370 260 600 180 C830 260 870 520 780 760", dark(colour, 0.25), 20) +
    line("M540 170 C540 110 660 110 660 170", dark(colour, 0.3), 18) +
    line("M566 124 L634 124", C.wood, 30) +
    path(globe, C.white, 'opacity=".75"') +
    inside(
      outline(globe),
      circle(600, 600, 150, C.ochre, 'opacity=".28"'),
      circle(600, 610, 90, C.ochre, 'opacity=".4"'),
      path("M600 500 C650 570 660 610 640 650 C626 676 574 676 560 650 C540 610 566 560 600 500Z", C.honey),
      path("M602 570 C626 606 630 630 620 650 C610 664 588 664 580 650 C572 630 586 600 602 570Z", light(C.ochre, 0.7)),
      line("M482 460 C450 540 452 610 486 670", C.white, 14, 'opacity=".8"'),
    ) +
    line("M440 470 C420 540 420 600 446 670 M760 470 C780 540 780 600 754 670 M446 560 L754 560", dark(colour, 0.3), 9) +
    rect(456, 404, 288, 44, 14, colour) +
    path("M490 404 L520 300 L680 300 L710 404Z", colour) +
    path("M620 300 L680 300 L710 404 L640 404Z", dark(colour, 0.2)) +
    repeat(4, (i) => circle(540 + i * 40, 356, 10, dark(colour, 0.55))) +
    path("M510 300 C520 240 560 220 600 214 C640 220 680 240 690 300Z", dark(colour, 0.08)) +
    rect(440, 682, 320, 46, 14, dark(colour, 0.1)) +
    path("M420 728 L780 728 C820 780 826 840 816 884 L384 884 C374 840 380 780 420 728Z", colour) +
    inside(
      outline("M420 728 L780 728 C820 780 826 840 816 884 L384 884 C374 840 380 780 420 728Z"),
      path("M720 720 C770 780 770 840 750 900 L840 900 L840 720Z", NIGHT, 'opacity=".14"'),
      rect(430, 740, 40, 140, 12, C.white, 'opacity=".25"'),
      rect(370, 850, 460, 14, 0, dark(colour, 0.25)),
    ) +
    rect(784, 700, 60, 20, 8, C.brass) +
    circle(850, 710, 22, C.brass)
  );
}

export function dryBag(colour: string): string {
  const body =
    "M370 380 L830 380 C850 500 860 700 840 830 C832 872 780 890 600 890 C420 890 368 872 360 830 C340 700 350 500 370 380Z";
  return (
    contact(600, 890, 290) +
    path(body, colour) +
    inside(
      outline(body),
      path("M740 370 C770 560 770 740 740 900 L880 900 L880 370Z", NIGHT, 'opacity=".13"'),
      path("M410 400 C390 540 390 720 408 850 L446 850 C432 700 432 540 450 400Z", C.white, 'opacity=".22"'),
      line("M360 800 C440 836 760 836 846 800", dark(colour, 0.2), 8),
    ) +
    path("M372 380 C440 400 760 400 828 380 L816 300 L384 300Z", dark(colour, 0.12)) +
    rect(340, 236, 520, 70, 34, dark(colour, 0.26)) +
    line("M380 262 L820 262 M380 284 L820 284", light(colour, 0.1), 6) +
    line("M350 262 C300 300 320 380 400 370 M850 262 C900 300 880 380 800 370", C.charcoal, 24) +
    rect(376, 344, 70, 48, 10, C.charcoal) +
    rect(754, 344, 70, 48, 10, C.charcoal) +
    rect(486, 470, 228, 250, 24, C.white, 'opacity=".55"') +
    inside(
      '<rect x="486" y="470" width="228" height="250" rx="24"/>',
      rect(510, 600, 120, 130, 12, C.rust),
      circle(660, 640, 44, C.ochre),
      rect(560, 540, 60, 90, 10, C.navy),
    ) +
    line("M500 500 L560 484", C.white, 10) +
    line("M560 790 q20 -30 40 0 t40 0", C.white, 12)
  );
}

export function stool(): string {
  return (
    contact(600, 900, 360, 30) +
    line("M360 420 L800 890", dark(C.wood, 0.28), 40) +
    line("M840 420 L400 890", dark(C.wood, 0.28), 40) +
    line("M300 400 L740 892", C.wood, 42) +
    line("M900 400 L460 892", light(C.wood, 0.12), 42) +
    circle(600, 690, 30, C.brass) +
    circle(600, 690, 14, dark(C.brass, 0.3)) +
    path("M256 350 C400 440 800 440 944 350 L930 430 C780 530 420 530 270 430Z", C.teal) +
    path("M256 350 C400 440 800 440 944 350 L900 318 C780 380 420 380 300 318Z", dark(C.teal, 0.28)) +
    line("M280 396 C420 484 780 484 920 396", light(C.teal, 0.4), 6, 'stroke-dasharray="16 12"') +
    rect(236, 326, 130, 44, 20, dark(C.wood, 0.1)) +
    rect(834, 326, 130, 44, 20, dark(C.wood, 0.18))
  );
}

export function picnicRug(): string {
  const roll =
    "M300 540 L900 540 C960 540 990 620 990 690 C990 770 960 850 900 850 L300 850 C240 850 212 770 212 690 C212 620 240 540 300 540Z";
  return (
    contact(600, 858, 420) +
    path(roll, C.moss) +
    inside(
      outline(roll),
      repeat(9, (i) => rect(230 + i * 96, 530, 30, 340, 0, C.cream, 'opacity=".6"')),
      repeat(4, (i) => rect(200, 566 + i * 86, 800, 24, 0, C.cream, 'opacity=".5"')),
      repeat(9, (i) => rect(284 + i * 96, 530, 7, 340, 0, C.rust)),
      rect(200, 780, 800, 90, 0, NIGHT, 'opacity=".16"'),
      rect(200, 552, 800, 26, 0, C.white, 'opacity=".25"'),
    ) +
    ellipse(290, 695, 82, 154, dark(C.moss, 0.25)) +
    line("M290 600 C230 610 230 780 290 780 C340 780 340 650 296 650 C264 650 264 730 292 734", C.cream, 12) +
    path("M430 530 L490 530 L490 858 L430 858Z M720 530 L780 530 L780 858 L720 858Z", C.leather) +
    path("M470 530 L490 530 L490 858 L470 858Z M760 530 L780 530 L780 858 L760 858Z", dark(C.leather, 0.25)) +
    rect(420, 640, 80, 64, 10, "none", `stroke="${C.brass}" stroke-width="12"`) +
    rect(710, 640, 80, 64, 10, "none", `stroke="${C.brass}" stroke-width="12"`) +
    line("M460 540 C470 400 740 400 750 540", C.leather, 40) +
    line("M520 444 C570 420 640 420 690 444", dark(C.leather, 0.2), 50)
  );
}

export function flask(colour: string): string {
  return (
    contact(600, 900, 200) +
    cylinder(440, 420, 320, 450, colour, 34) +
    path("M440 430 C440 360 490 350 500 320 L700 320 C710 350 760 360 760 430 A160 34 0 0 1 440 430Z", colour) +
    path("M660 320 L700 320 C710 350 760 360 760 430 L690 430 C690 380 664 360 660 320Z", dark(colour, 0.16)) +
    rect(480, 300, 240, 30, 10, C.steel) +
    path("M490 302 L490 160 C490 140 504 130 524 130 L676 130 C696 130 710 140 710 160 L710 302Z", C.steel) +
    rect(646, 130, 64, 172, 16, dark(C.steel, 0.16)) +
    rect(516, 150, 24, 140, 10, C.white, 'opacity=".7"') +
    rect(440, 800, 320, 12, 0, dark(colour, 0.3)) +
    inside(
      outline("M440 812 L440 870 A160 34 0 0 0 760 870 L760 812Z"),
      rect(430, 812, 340, 110, 0, C.steel),
      rect(676, 812, 90, 110, 0, dark(C.steel, 0.18)),
    ) +
    circle(580, 600, 62, C.cream, 'opacity=".92"') +
    line("M546 604 q17 -24 34 0 t34 0 M552 628 q14 -18 28 0 t28 0", C.teal, 10) +
    line("M580 560 L580 586", C.rust, 10)
  );
}

export function handLine(): string {
  const frame =
    "M380 240 L460 240 C470 330 470 360 500 390 L700 390 C730 360 730 330 740 240 L820 240 C830 360 830 840 820 960 L740 960 C730 870 730 840 700 810 L500 810 C470 840 470 870 460 960 L380 960 C370 840 370 360 380 240Z";
  return group(
    "translate(66 40) rotate(14 600 600) scale(.87)",
    path(frame, C.wood),
    inside(outline(frame), rect(740, 220, 120, 760, 0, NIGHT, 'opacity=".12"'), line("M420 260 L420 940", light(C.wood, 0.3), 8)),
    rect(440, 420, 320, 360, 10, dark(C.coral, 0.3)),
    repeat(17, (i) => line(`M438 ${436 + i * 20} L762 ${430 + i * 20}`, i % 2 === 0 ? C.coral : light(C.coral, 0.22), 15)),
    line("M760 760 C860 800 900 700 930 760 C950 820 900 880 930 930", C.coral, 10),
    group(
      "translate(930 950)",
      path("M-24 0 C-34 60 -30 96 0 110 C30 96 34 60 24 0Z", C.slate),
      path("M4 0 L24 0 C34 60 30 96 0 110Z", dark(C.slate, 0.25)),
      circle(0, -4, 14, "none", `stroke="${C.steel}" stroke-width="8"`),
    ),
    line("M250 420 C200 470 200 540 250 560 C290 560 300 520 276 506", C.steel, 14),
    line("M250 420 L300 380", C.steel, 10),
    circle(304, 374, 12, "none", `stroke="${C.steel}" stroke-width="8"`),
  );
}

export function compass(): string {
  return group(
    "translate(66 60) scale(.89)",
    line("M700 190 C760 120 860 130 880 210 C900 300 840 330 900 420", C.leather, 18) +
      circle(640, 236, 50, "none", `stroke="${C.brass}" stroke-width="24"`) +
      rect(590, 262, 80, 60, 14, dark(C.brass, 0.15)) +
      circle(600, 640, 350, dark(C.brass, 0.25)) +
      circle(594, 632, 344, C.brass) +
      circle(600, 640, 296, dark(C.brass, 0.35)) +
      circle(600, 640, 282, C.foam) +
      repeat(72, (i) =>
        line(
          `M600 ${i % 6 === 0 ? 392 : 384} L600 ${i % 6 === 0 ? 420 : 396}`.replace("392", "380"),
          C.deep,
          i % 18 === 0 ? 10 : 4,
          `transform="rotate(${i * 5} 600 640)"`,
        ),
      ) +
      repeat(
        4,
        (i) =>
          `<g transform="rotate(${i * 90} 600 640)">${path("M600 450 L628 612 L600 640 L572 612Z", i === 0 ? C.rust : C.sea, 'opacity=".35"')}</g>`,
      ) +
      group(
        "rotate(34 600 640)",
        path("M600 420 L642 640 L558 640Z", C.rust),
        path("M600 420 L642 640 L600 640Z", dark(C.rust, 0.2)),
        path("M600 860 L642 640 L558 640Z", C.white, `stroke="${C.steel}" stroke-width="4"`),
        path("M600 860 L642 640 L600 640Z", C.steel),
      ) +
      circle(600, 640, 28, C.brass) +
      circle(600, 640, 12, dark(C.brass, 0.4)) +
      path(
        "M396 470 A266 266 0 0 1 560 378",
        "none",
        `stroke="${C.white}" stroke-width="20" stroke-linecap="round" opacity=".8"`,
      ),
  );
}

export function throwLine(): string {
  const bag = "M330 430 C400 470 640 470 710 430 L740 820 C740 870 690 890 520 890 C350 890 300 870 300 820Z";
  return (
    contact(580, 888, 360) +
    rope("M520 440 C520 300 660 240 720 330 C790 440 850 480 880 580", C.ochre, 26) +
    path(bag, C.coral) +
    inside(
      outline(bag),
      path("M640 420 C680 560 690 760 660 900 L760 900 L760 420Z", NIGHT, 'opacity=".13"'),
      path("M280 640 L760 640 L760 720 L280 720Z", C.steel),
      path("M280 664 L760 664 L760 672 L280 672Z M280 690 L760 690 L760 698 L280 698Z", C.white),
    ) +
    ellipse(520, 432, 192, 40, dark(C.coral, 0.35)) +
    ellipse(520, 438, 160, 28, dark(C.coral, 0.6)) +
    rope("M430 440 C470 410 560 470 610 436", C.ochre, 22) +
    line("M330 432 C300 470 340 500 360 470", C.deep, 12) +
    rope(
      "M880 580 C1010 640 1000 800 860 820 C740 836 720 720 830 704 C940 690 980 800 900 860 C860 884 800 884 770 880",
      C.ochre,
      26,
    ) +
    rect(452, 520, 136, 76, 10, C.white) +
    circle(520, 558, 26, "none", `stroke="${C.rust}" stroke-width="13"`)
  );
}
