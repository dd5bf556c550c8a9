/** Footwear and what looks after it. Pure. */
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
  scatter,
  text,
} from "../svg.ts";

const NIGHT = "#14283a";

/** A pair in profile: the far one behind and a little darker. */
function pair(draw: (tone: number) => string, x = 96, y = -34): string {
  return group(`translate(${x} ${y})`, draw(0.16)) + group("translate(-40 14)", draw(0));
}

export function boots(colour: string): string {
  const boot = (tone: number): string => {
    const base = dark(colour, tone);
    const upper =
      "M372 300 C372 286 382 278 396 278 L604 268 C620 268 630 278 630 292 L634 500 C650 560 720 590 800 620 C874 646 900 690 900 760 L360 760 C352 600 372 460 372 300Z";
    const laces = repeat(6, (i) => line(`M${586 + i * 8} ${338 + i * 40} l${38 + i * 4} ${-12 + i * 3}`, C.cream, 10));
    return (
      path(upper, base) +
      inside(
        outline(upper),
        path("M590 260 L660 260 L668 500 C690 560 740 590 790 612 L700 660 C630 600 596 520 590 420Z", dark(base, 0.22)),
        path("M740 590 C830 620 900 660 910 780 L720 780 C700 700 700 640 740 590Z", dark(base, 0.12)),
        path("M340 600 C420 600 470 660 480 780 L340 780Z", dark(base, 0.14)),
        rect(360, 268, 280, 44, 0, light(base, 0.14)),
        rect(380, 300, 26, 440, 0, C.white, 'opacity=".12"'),
      ) +
      laces +
      path("M346 748 L906 748 C914 770 912 792 906 806 L352 806 C344 790 342 768 346 748Z", C.cream) +
      path("M350 800 L908 800 L904 836 L350 836Z", C.iron) +
      repeat(13, (i) => rect(358 + i * 42, 826, 26, 26, 4, C.iron)) +
      line("M378 262 L378 300", dark(base, 0.3), 18)
    );
  };
  return contact(600, 848, 400) + pair(boot, 140, -40);
}

export function deckShoes(colour: string): string {
  const shoe = (tone: number): string => {
    const base = dark(colour, tone);
    const upper =
      "M250 560 C262 540 290 530 330 536 C400 560 470 560 540 530 C590 506 620 520 660 560 C720 610 830 610 900 660 C940 690 948 730 946 760 L250 760 C236 700 236 620 250 560Z";
    return (
      path(upper, base) +
      inside(
        outline(upper),
        path("M650 560 C740 560 880 610 960 700 L960 640 L800 520Z", light(base, 0.18)),
        path("M230 520 L330 520 C310 600 320 700 350 780 L230 780Z", dark(base, 0.2)),
        rect(240, 700, 720, 60, 0, NIGHT, 'opacity=".08"'),
      ) +
      path("M540 530 C590 506 620 520 660 560 L620 590 C590 560 560 556 536 560Z", light(base, 0.3)) +
      line("M262 600 C360 630 470 620 560 590", C.cream, 11, 'stroke-dasharray="46 16"') +
      line("M600 560 C640 530 700 540 690 570 M606 566 C640 596 690 610 704 590", C.cream, 10) +
      line("M666 640 C690 600 800 620 850 660", dark(base, 0.35), 7, 'stroke-dasharray="14 9"') +
      path("M238 744 L950 744 C962 770 956 800 940 812 L256 812 C240 800 232 770 238 744Z", C.white) +
      line("M246 782 L950 782", dark(C.cream, 0.2), 6)
    );
  };
  return contact(600, 848, 400) + pair(shoe, 60, -96);
}

export function wellingtons(colour: string): string {
  const boot = (tone: number): string => {
    const base = dark(colour, tone);
    const d =
      "M396 190 L640 190 C648 190 654 196 654 206 L650 560 C660 620 730 640 800 664 C870 690 890 726 890 780 L372 780 C366 700 392 600 390 480 L384 206 C384 196 388 190 396 190Z";
    return (
      path(d, base) +
      inside(
        outline(d),
        rect(400, 180, 40, 620, 0, C.white, 'opacity=".16"'),
        path(
          "M600 180 L670 180 L670 560 C690 620 780 640 900 700 L900 800 L760 800 C700 680 590 640 600 500Z",
          NIGHT,
          'opacity=".12"',
        ),
        path("M360 690 C420 690 440 730 446 800 L360 800Z", dark(base, 0.2)),
        path("M800 660 C770 700 770 740 780 800 L910 800 L910 680Z", dark(base, 0.2)),
      ) +
      rect(376, 180, 288, 46, 12, light(base, 0.12)) +
      rect(626, 250, 44, 88, 8, dark(base, 0.3)) +
      rect(634, 276, 52, 34, 6, C.brass) +
      rect(360, 764, 540, 52, 14, C.ochre) +
      rect(362, 806, 190, 32, 6, dark(C.ochre, 0.35)) +
      rect(600, 806, 296, 26, 6, dark(C.ochre, 0.35))
    );
  };
  return contact(600, 850, 380) + pair(boot, 110, -30);
}

export function slippers(colour: string): string {
  const slipper = (tone: number): string => {
    const base = dark(colour, tone);
    const upper = "M470 740 C450 640 470 560 540 530 C640 500 800 560 880 640 C930 690 940 730 938 760 L470 760Z";
    return (
      path("M250 700 C262 672 320 664 380 676 L520 716 L520 760 L250 760Z", light(base, 0.45)) +
      path(upper, base) +
      inside(
        outline(upper),
        repeat(70, (i) =>
          circle(450 + scatter(i) * 500, 520 + scatter(i, 3) * 240, 4, i % 2 === 0 ? light(base, 0.25) : dark(base, 0.14)),
        ),
        path("M760 540 C860 580 940 660 950 780 L860 780 C850 700 820 620 760 540Z", NIGHT, 'opacity=".1"'),
      ) +
      line("M474 736 C456 640 474 562 542 534", C.ochre, 16) +
      ellipse(500, 690, 34, 64, dark(base, 0.55), 'transform="rotate(14 500 690)" opacity=".55"') +
      path("M240 744 L946 744 C956 770 950 794 936 806 L258 806 C242 794 234 770 240 744Z", C.wood) +
      repeat(60, (i) => circle(256 + scatter(i, 5) * 680, 756 + scatter(i, 6) * 40, 5, dark(C.wood, 0.25)))
    );
  };
  return contact(600, 842, 400) + pair(slipper, 60, -110);
}

export function insoles(colour: string): string {
  const sole =
    "M600 190 C700 190 760 280 752 400 C746 490 700 540 704 640 C708 720 730 760 722 850 C714 940 660 1000 596 1000 C530 1000 490 950 490 860 C490 780 510 720 500 640 C488 540 448 470 452 370 C456 270 510 190 600 190Z";
  const one = (transform: string, tone: number): string =>
    group(
      transform,
      path(sole, dark(colour, tone)),
      inside(
        outline(sole),
        repeat(190, (i) =>
          ellipse(
            440 + scatter(i, tone) * 330,
            190 + scatter(i, 4) * 820,
            5 + scatter(i, 7) * 9,
            4 + scatter(i, 8) * 5,
            i % 3 === 0 ? light(colour, 0.4) : dark(colour, 0.3),
            'opacity=".75"',
          ),
        ),
        line(sole, C.moss, 30),
      ),
      line("M540 820 C580 836 620 836 664 820", dark(colour, 0.5), 6, 'stroke-dasharray="10 10"'),
    );
  return one("translate(-190 10) rotate(-6 600 600)", 0) + one("translate(1390 10) scale(-1 1) rotate(-6 600 600)", 0.04);
}

export function balm(colour: string): string {
  return (
    contact(600, 862, 330) +
    cylinder(290, 690, 560, 150, colour, 76) +
    ellipse(570, 690, 280, 76, dark(colour, 0.3)) +
    ellipse(570, 690, 258, 64, C.honey) +
    path(
      "M330 690 C400 650 520 700 640 668 C720 650 790 670 824 684 C800 640 700 626 570 626 C430 626 340 650 330 690Z",
      light(C.honey, 0.5),
    ) +
    rect(290, 752, 560, 52, 0, C.cream, 'opacity=".95"') +
    text(482, 792, 36, colour, "BALM") +
    group(
      "translate(828 690) rotate(-64)",
      ellipse(0, 0, 270, 74, dark(colour, 0.35)),
      ellipse(0, -26, 270, 74, light(colour, 0.08)),
      ellipse(0, -26, 226, 58, colour),
      line("M-120 -26 q60 -40 120 0 t120 0", C.cream, 14),
    )
  );
}

export function laces(colour: string): string {
  const loop = (tone: number, turn: number): string => {
    const base = dark(colour, tone);
    const d = "M600 600 C430 380 300 300 300 470 C300 620 460 600 600 600 C740 600 900 620 900 470 C900 300 770 380 600 600";
    return group(
      `rotate(${turn} 600 600)`,
      line(d, dark(base, 0.35), 34),
      line(d, base, 26),
      line(d, light(base, 0.35), 5, 'stroke-dasharray="16 12"'),
    );
  };
  return (
    loop(0.1, 4) +
    group("translate(0 46)", loop(0, -3)) +
    line("M590 620 C560 740 500 820 430 900", colour, 26) +
    line("M620 630 C650 760 700 820 780 880", colour, 26) +
    line("M452 872 L400 940 M756 862 L816 916", C.brass, 22) +
    rect(520, 500, 160, 210, 12, C.cream) +
    rect(520, 540, 160, 10, 0, C.rust) +
    rect(520, 660, 160, 10, 0, C.rust) +
    text(600, 616, 30, C.walnut, "WAXED")
  );
}

export function brush(colour: string): string {
  const handle =
    "M240 560 C240 500 300 470 380 470 L560 470 C620 470 640 500 700 500 L900 486 C960 482 990 520 990 556 C990 596 956 626 900 622 L700 610 C640 612 620 640 560 640 L380 640 C300 640 240 620 240 560Z";
  return group(
    "rotate(-14 600 600)",
    repeat(34, (i) =>
      line(
        `M${276 + i * 10} 620 l${(scatter(i) - 0.5) * 26} ${176 + scatter(i, 2) * 22}`,
        i % 3 === 0 ? C.walnut : dark(C.walnut, 0.4),
        12,
      ),
    ),
    repeat(24, (i) =>
      line(
        `M${300 + i * 12} 480 l${(scatter(i, 4) - 0.5) * 18} ${-96 - scatter(i, 2) * 12}`,
        i % 2 === 0 ? C.oat : dark(C.oat, 0.16),
        11,
      ),
    ),
    path(handle, colour),
    inside(
      outline(handle),
      path("M220 590 C420 560 640 600 1000 570 L1000 660 L220 660Z", NIGHT, 'opacity=".12"'),
      line("M260 530 C420 510 560 530 700 540 C800 546 900 530 970 540", dark(colour, 0.18), 6),
      line("M270 570 C420 556 560 580 640 576", dark(colour, 0.15), 5),
    ),
    circle(936, 554, 20, "#ecdfca"),
    line("M936 554 C1000 560 1040 620 1010 660 C990 690 950 660 948 600", C.leather, 10),
  );
}
