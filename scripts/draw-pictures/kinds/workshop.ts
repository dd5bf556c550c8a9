/** Tools of the sail loft and the boatyard. Pure. */
import { C } from "../palette.ts";
import {
  both,
  circle,
  contact,
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
  rope,
  scatter,
  text,
} from "../svg.ts";

const NIGHT = "#14283a";

export function marlinspike(): string {
  const spike = "M560 560 L640 560 L632 700 C626 860 606 1010 600 1040 C594 1010 574 860 568 700Z";
  const handle = "M546 560 C530 460 530 330 552 240 C562 190 638 190 648 240 C670 330 670 460 654 560Z";
  return (
    rope("M240 420 C340 300 460 420 560 600 C660 790 800 900 960 780", C.oat, 60) +
    rope("M960 420 C860 300 740 420 640 600 C540 790 400 900 240 780", C.sand, 60) +
    group(
      "rotate(24 600 600)",
      path(spike, C.steel),
      path("M606 560 L640 560 L632 700 C626 860 606 1010 600 1040Z", dark(C.steel, 0.2)),
      path(handle, C.walnut),
      inside(
        outline(handle),
        path("M610 180 L680 180 L680 570 L620 570 C640 440 640 300 610 180Z", NIGHT, 'opacity=".2"'),
        line("M566 260 C556 360 556 460 566 540", light(C.walnut, 0.3), 9),
      ),
      rect(538, 540, 124, 34, 12, C.brass),
      circle(600, 244, 22, C.brass),
      circle(600, 244, 11, dark(C.brass, 0.5)),
    )
  );
}

export function needles(): string {
  const needle = (i: number): string => {
    const x = 394 + i * 82;
    const tall = 470 - Math.abs(i - 2.5) * 40;
    return (
      path(
        `M${x - 11} 640 L${x - 13} ${640 - tall * 0.7} L${x} ${640 - tall} L${x + 13} ${640 - tall * 0.7} L${x + 11} 640Z`,
        C.steel,
      ) +
      path(`M${x} ${640 - tall} L${x + 13} ${640 - tall * 0.7} L${x + 11} 640 L${x} 640Z`, dark(C.steel, 0.28)) +
      ellipse(x, 600, 5, 18, dark(C.steel, 0.6))
    );
  };
  const box = "M300 620 L900 620 L900 930 C900 952 886 964 866 964 L334 964 C314 964 300 952 300 930Z";
  return (
    repeat(6, needle) +
    path(box, C.wood) +
    inside(
      outline(box),
      repeat(7, (i) =>
        line(`M290 ${668 + i * 46} C460 ${656 + i * 46} 700 ${684 + i * 46} 910 ${664 + i * 46}`, dark(C.wood, 0.14), 6),
      ),
      rect(800, 610, 110, 370, 0, NIGHT, 'opacity=".1"'),
      rect(290, 610, 620, 26, 0, dark(C.wood, 0.3)),
    ) +
    rect(470, 730, 260, 140, 12, C.cream) +
    text(600, 796, 38, C.walnut, "SIX") +
    text(600, 844, 28, C.teal, "NEEDLES")
  );
}

export function thread(colour: string): string {
  const spool = "M420 400 C460 440 460 760 420 800 L780 800 C740 760 740 440 780 400Z";
  return (
    contact(600, 886, 260) +
    line("M760 700 C860 720 900 780 880 850 C860 900 960 900 1000 870", colour, 11) +
    path("M360 800 L840 800 L840 850 C840 870 820 884 800 884 L400 884 C380 884 360 870 360 850Z", C.wood) +
    path("M700 800 L840 800 L840 850 C840 870 820 884 800 884 L700 884Z", dark(C.wood, 0.16)) +
    path(spool, colour) +
    inside(
      outline(spool),
      repeat(21, (i) =>
        line(`M400 ${404 + i * 20} L800 ${414 + i * 20}`, i % 2 === 0 ? light(colour, 0.2) : dark(colour, 0.16), 8),
      ),
      path("M690 390 L800 390 L800 810 L690 810Z", NIGHT, 'opacity=".13"'),
      rect(460, 390, 34, 420, 0, C.white, 'opacity=".2"'),
    ) +
    path("M360 350 L840 350 L840 400 L360 400Z", C.wood) +
    path("M700 350 L840 350 L840 400 L700 400Z", dark(C.wood, 0.16)) +
    ellipse(600, 350, 240, 52, light(C.wood, 0.18)) +
    ellipse(600, 350, 196, 40, C.cream) +
    ellipse(600, 350, 40, 11, dark(C.wood, 0.5)) +
    line("M450 352 q20 -16 40 0 t40 0 M670 352 q20 -16 40 0 t40 0", C.teal, 8)
  );
}

export function palm(colour: string): string {
  const strap = "M330 420 C380 250 700 210 820 340 C930 460 900 760 760 880 C640 980 430 940 360 800 C300 690 300 530 330 420Z";
  const hole = "M440 470 C480 350 660 330 750 420 C830 510 810 700 710 790 C620 864 490 830 446 730 C410 650 416 550 440 470Z";
  const pad = "M310 470 C330 400 420 380 480 420 C540 470 540 620 500 700 C460 770 370 770 330 700 C300 640 296 540 310 470Z";
  return (
    `<path d="${strap} ${hole}" fill="${colour}" fill-rule="evenodd"/>` +
    `<path d="M820 340 C930 460 900 760 760 880 C640 980 430 940 360 800 L446 730 C490 830 620 864 710 790 C810 700 830 510 750 420Z" fill="${dark(colour, 0.16)}"/>` +
    line("M360 440 C410 300 690 260 796 370 C890 480 866 730 740 850", light(colour, 0.4), 6, 'stroke-dasharray="16 12"') +
    path(pad, dark(colour, 0.26)) +
    line(pad, light(colour, 0.3), 6, 'stroke-dasharray="14 11"') +
    circle(410, 580, 66, C.steel) +
    inside(
      '<circle cx="410" cy="580" r="66"/>',
      repeat(25, (i) => circle(362 + (i % 5) * 24, 532 + Math.floor(i / 5) * 24, 7, dark(C.steel, 0.45))),
    ) +
    circle(410, 580, 66, "none", `stroke="${dark(C.steel, 0.25)}" stroke-width="9"`) +
    ellipse(640, 330, 74, 34, dark(colour, 0.45), 'transform="rotate(-8 640 330)"') +
    rect(740, 810, 70, 84, 12, "none", `stroke="${C.brass}" stroke-width="14" transform="rotate(42 775 852)"`)
  );
}

export function toolRoll(colour: string): string {
  const cloth = "M190 380 L1010 380 L1010 900 L190 900Z";
  const handle = (x: number, tall: number, fill: string): string =>
    rect(x - 19, 560 - tall, 38, tall + 80, 17, fill) + rect(x + 3, 560 - tall, 16, tall + 80, 8, dark(fill, 0.18));
  const tools = [
    handle(270, 300, C.wood),
    path("M346 620 L346 250 L362 210 L378 250 L378 620Z", C.steel) +
      path("M362 210 L378 250 L378 620 L362 620Z", dark(C.steel, 0.2)),
    handle(454, 270, C.rust),
    line("M546 620 L546 260", C.steel, 20) + circle(546, 250, 40, "none", `stroke="${C.steel}" stroke-width="20"`),
    handle(640, 320, C.walnut),
    rect(716, 230, 40, 400, 4, C.brass) +
      repeat(9, (i) => line(`M716 ${250 + i * 32} l${i % 2 === 0 ? 20 : 12} 0`, dark(C.brass, 0.5), 4)),
    handle(828, 280, C.teal),
    path("M900 620 L900 300 C900 240 956 240 956 300 L956 620Z", C.wood) + rect(892, 250, 72, 40, 10, C.steel),
  ];
  return (
    rect(190, 372, 820, 540, 20, dark(colour, 0.26)) +
    path(cloth, light(colour, 0.1)) +
    tools.join("") +
    path("M190 560 L1010 560 L1010 890 C1010 902 1002 910 990 910 L210 910 C198 910 190 902 190 890Z", colour) +
    inside(
      outline("M190 560 L1010 560 L1010 910 L190 910Z"),
      path("M800 550 L1020 550 L1020 920 L760 920Z", NIGHT, 'opacity=".07"'),
    ) +
    line("M200 580 L1000 580 M200 890 L1000 890", light(colour, 0.4), 6, 'stroke-dasharray="16 11"') +
    repeat(7, (i) => line(`M${316 + i * 93} 566 L${316 + i * 93} 884`, dark(colour, 0.28), 6)) +
    line("M1010 640 C1090 640 1060 740 1120 760 M1010 700 C1080 720 1040 800 1090 830", C.leather, 22)
  );
}

export function riggingKnife(): string {
  return (
    rope("M300 720 C180 640 200 460 330 430 C470 400 470 560 380 560 C300 560 290 470 350 450", C.teal, 26) +
    group(
      "rotate(-24 600 600)",
      path("M610 540 L980 500 C1020 500 1040 520 1040 550 L1034 620 L620 626Z", C.steel),
      path("M614 586 L1036 586 L1034 620 L620 626Z", C.white),
      path("M940 506 L980 500 C1020 500 1040 520 1040 550 L1036 586 L990 586Z", dark(C.steel, 0.1)),
      circle(700, 556, 14, dark(C.steel, 0.5)),
      path("M620 520 C560 500 360 506 300 540 C262 566 262 640 300 664 C360 700 560 690 620 660Z", C.walnut),
      inside(
        outline("M620 520 C560 500 360 506 300 540 C262 566 262 640 300 664 C360 700 560 690 620 660Z"),
        rect(250, 610, 400, 100, 0, NIGHT, 'opacity=".2"'),
        rect(560, 490, 80, 220, 0, C.brass),
        rect(250, 490, 70, 220, 0, C.brass),
        line("M340 560 L540 548", light(C.walnut, 0.3), 9),
      ),
      circle(400, 596, 13, C.brass),
      circle(500, 594, 13, C.brass),
      circle(286, 602, 20, "none", `stroke="${dark(C.brass, 0.25)}" stroke-width="12"`),
      path("M340 690 L560 720 L640 740 L560 752 L340 730Z", C.steel),
    )
  );
}

export function apron(colour: string): string {
  const half = "M601 300 L470 300 C470 420 440 520 350 560 L330 960 C330 984 344 996 364 996 L601 996Z";
  const shape =
    "M470 300 L730 300 C730 420 760 520 850 560 L870 960 C870 984 856 996 836 996 L364 996 C344 996 330 984 330 960 L350 560 C440 520 470 420 470 300Z";
  return (
    both(line("M486 310 C470 200 540 150 600 150", C.leather, 26), line("M352 580 C270 600 250 680 270 760", C.leather, 22)) +
    both(path(half, colour)) +
    inside(
      outline(shape),
      path("M740 280 C760 560 740 800 760 1010 L900 1010 L900 280Z", NIGHT, 'opacity=".11"'),
      line("M480 320 L720 320 M340 970 L860 970", light(colour, 0.35), 6, 'stroke-dasharray="16 11"'),
    ) +
    rect(500, 390, 200, 150, 12, dark(colour, 0.13)) +
    line("M500 410 L700 410 M600 400 L600 536", light(colour, 0.3), 6, 'stroke-dasharray="14 10"') +
    line("M630 370 L630 450 M660 380 L660 450", C.wood, 20) +
    rect(400, 660, 400, 210, 14, dark(colour, 0.13)) +
    line("M400 684 L800 684 M600 670 L600 866", light(colour, 0.3), 6, 'stroke-dasharray="14 10"') +
    both(circle(492, 330, 15, C.brass), circle(410, 672, 11, C.copper), circle(366, 586, 15, C.brass))
  );
}

export function rivets(): string {
  const rivet = (x: number, y: number, size: number, turn: number): string =>
    group(
      `translate(${x} ${y}) rotate(${turn}) scale(${size})`,
      rect(-9, 0, 18, 74, 5, dark(C.copper, 0.12)),
      ellipse(0, 0, 40, 22, dark(C.copper, 0.25)),
      ellipse(0, -8, 40, 22, C.copper),
      ellipse(-8, -14, 18, 7, light(C.copper, 0.55)),
    );
  const rove = (x: number, y: number, size: number): string =>
    group(
      `translate(${x} ${y}) scale(${size})`,
      ellipse(0, 6, 34, 18, dark(C.copper, 0.35)),
      ellipse(0, 0, 34, 18, light(C.copper, 0.14)),
      ellipse(0, 0, 10, 5, dark(C.copper, 0.5)),
    );
  const front = "M300 560 L900 560 L900 850 C900 862 892 870 880 870 L320 870 C308 870 300 862 300 850Z";
  return (
    contact(600, 872, 380) +
    path("M300 560 L360 470 L840 470 L900 560Z", dark(C.oat, 0.45)) +
    repeat(30, (i) =>
      rivet(
        376 + (i % 10) * 50 + scatter(i) * 16,
        500 + Math.floor(i / 10) * 26 + scatter(i, 2) * 12,
        0.9,
        (scatter(i, 3) - 0.5) * 120,
      ),
    ) +
    path(front, C.oat) +
    inside(
      outline(front),
      rect(780, 550, 140, 330, 0, NIGHT, 'opacity=".1"'),
      rect(300, 630, 620, 160, 0, mix(C.navy, C.slate, 0.2)),
      rect(300, 556, 620, 12, 0, light(C.oat, 0.4)),
    ) +
    text(600, 706, 42, C.cream, "COPPER RIVETS") +
    text(600, 762, 30, light(C.copper, 0.3), "ONE HUNDRED") +
    rivet(240, 850, 1, 62) +
    rivet(970, 880, 1, -70) +
    rove(1010, 820, 1) +
    rove(210, 916, 1) +
    rove(320, 926, 0.9)
  );
}
