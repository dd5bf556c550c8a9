/** What a galley cooks and pours with. Pure. */
import { C } from "../palette.ts";
import { circle, contact, dark, ellipse, group, inside, light, line, outline, path, rect, repeat } from "../svg.ts";

const NIGHT = "#14283a";

export function mug(colour: string): string {
  const body = "M330 400 L330 800 C330 850 360 876 420 880 L680 880 C740 876 770 850 770 800 L770 400Z";
  return (
    contact(570, 884, 290) +
    line("M770 490 C900 470 930 560 910 640 C890 720 830 760 764 766", dark(colour, 0.22), 50) +
    line("M770 490 C900 470 930 560 910 640 C890 720 830 760 764 766", light(colour, 0.06), 38) +
    path(body, colour) +
    inside(
      outline(body),
      rect(640, 380, 150, 520, 0, NIGHT, 'opacity=".11"'),
      rect(724, 380, 60, 520, 0, NIGHT, 'opacity=".1"'),
      rect(376, 400, 34, 480, 0, C.white, 'opacity=".28"'),
      path("M520 880 l26 -14 l20 10 l10 14Z", C.iron),
    ) +
    ellipse(550, 400, 220, 52, C.iron) +
    ellipse(550, 402, 202, 43, light(colour, 0.72)) +
    inside('<ellipse cx="550" cy="402" rx="202" ry="43"/>', ellipse(550, 430, 196, 34, C.walnut)) +
    line(
      "M430 330 C400 290 460 270 430 220 M550 320 C520 280 580 250 550 200 M670 330 C640 290 700 270 670 220",
      C.white,
      14,
      'opacity=".65"',
    )
  );
}

export function skillet(): string {
  return (
    group(
      "rotate(38 600 600)",
      path("M560 850 L640 850 L656 1120 C660 1150 540 1150 544 1120Z", C.iron),
      path("M590 850 L640 850 L656 1120 C658 1140 620 1146 600 1146Z", dark(C.iron, 0.35)),
      ellipse(600, 1108, 18, 24, "#f0e9df"),
    ) +
    circle(600, 560, 330, C.iron) +
    circle(600, 560, 330, NIGHT, 'opacity=".2"') +
    circle(600, 560, 304, light(C.iron, 0.14)) +
    circle(600, 566, 284, dark(C.iron, 0.25)) +
    path(
      "M360 470 A280 280 0 0 1 560 288",
      "none",
      `stroke="${C.white}" stroke-width="12" stroke-linecap="round" opacity=".25"`,
    ) +
    group(
      "translate(600 566)",
      path(
        "M-150 10 C-170 -90 -60 -160 40 -130 C150 -110 180 -10 130 70 C80 150 -40 150 -90 110 C-130 90 -144 50 -150 10Z",
        C.white,
      ),
      ellipse(-10, -6, 66, 60, C.honey),
      ellipse(-28, -28, 20, 14, light(C.honey, 0.6)),
      repeat(7, (i) => circle(-90 + i * 32, 60 + (i % 3) * 14 - (i % 2) * 130, 5, C.moss)),
    )
  );
}

export function kettle(colour: string): string {
  const body =
    "M300 840 C280 700 330 500 470 450 L690 450 C830 500 880 700 860 840 C856 872 836 884 800 884 L360 884 C324 884 304 872 300 840Z";
  return (
    contact(580, 888, 340) +
    line("M400 480 C360 250 800 250 760 480", dark(colour, 0.5), 34) +
    line("M470 318 C530 286 630 286 690 318", C.wood, 46) +
    path("M812 600 L950 470 C962 458 980 464 984 480 L1000 520 C1004 534 996 542 984 548 L846 700Z", dark(colour, 0.12)) +
    path("M944 470 L992 540 L1010 524 L962 450Z", dark(colour, 0.3)) +
    path(body, colour) +
    inside(
      outline(body),
      path("M700 440 C820 520 840 700 800 890 L900 890 L900 440Z", NIGHT, 'opacity=".12"'),
      path("M420 470 C340 560 330 720 350 840 L400 840 C380 720 390 580 470 470Z", C.white, 'opacity=".3"'),
      rect(280, 800, 600, 26, 0, dark(colour, 0.2)),
    ) +
    ellipse(580, 452, 150, 32, dark(colour, 0.2)) +
    ellipse(580, 442, 132, 28, light(colour, 0.12)) +
    rect(568, 394, 24, 40, 6, C.iron) +
    circle(580, 384, 30, C.wood) +
    line("M1020 440 q20 -40 50 -44 M1034 480 q30 -14 60 0", C.white, 12, 'opacity=".8"')
  );
}

export function bowls(): string {
  const bowl = (x: number, y: number, half: number, height: number, colour: string): string => {
    const d = `M${x - half} ${y} C${x - half + 8} ${y + height * 0.7} ${x - half * 0.55} ${y + height} ${x - half * 0.4} ${y + height} L${x + half * 0.4} ${y + height} C${x + half * 0.55} ${y + height} ${x + half - 8} ${y + height * 0.7} ${x + half} ${y}Z`;
    return (
      path(d, colour) +
      inside(
        outline(d),
        path(
          `M${x + half * 0.3} ${y} C${x + half * 0.4} ${y + height * 0.7} ${x + half * 0.2} ${y + height} ${x} ${y + height} L${x + half} ${y + height} L${x + half} ${y}Z`,
          NIGHT,
          'opacity=".12"',
        ),
        rect(x - half * 0.78, y, half * 0.14, height, 0, C.white, 'opacity=".35"'),
      ) +
      ellipse(x, y, half, half * 0.16, dark(colour, 0.12)) +
      ellipse(x, y + 5, half - 16, half * 0.13, dark(colour, 0.36))
    );
  };
  return (
    contact(600, 872, 280) +
    rect(440, 840, 320, 34, 12, C.rust) +
    bowl(600, 560, 350, 290, C.steel) +
    bowl(600, 500, 282, 220, light(C.sea, 0.3)) +
    bowl(600, 446, 218, 160, C.cream) +
    bowl(600, 398, 156, 110, C.ochre) +
    ellipse(600, 402, 128, 16, dark(C.ochre, 0.45))
  );
}

export function oysterKnife(): string {
  const shell = "M430 880 C330 860 290 740 350 650 C410 560 520 520 610 560 C700 600 730 700 690 780 C650 860 540 900 430 880Z";
  return (
    group(
      "translate(-40 70)",
      path(shell, C.slate),
      inside(
        outline(shell),
        repeat(7, (i) =>
          line(
            `M${300 + i * 20} ${900 - i * 14} C${330 + i * 24} ${700 - i * 8} ${460 + i * 24} ${590 + i * 6} ${640 + i * 18} ${600 + i * 26}`,
            i % 2 === 0 ? light(C.slate, 0.3) : dark(C.slate, 0.25),
            12,
          ),
        ),
      ),
      path(
        "M440 850 C370 830 340 740 390 670 C440 600 530 570 600 602 C660 640 680 710 646 766 C600 836 520 866 440 850Z",
        C.foam,
      ),
      path("M450 810 C420 770 430 690 500 660 C570 636 630 670 620 730 C600 800 500 840 450 810Z", light(C.oat, 0.4)),
      circle(560, 720, 26, C.white),
    ) +
    group(
      "rotate(42 700 480) translate(60 -40)",
      path("M664 520 L736 520 L730 720 C726 770 704 800 700 810 C696 800 674 770 670 720Z", C.steel),
      path("M700 520 L736 520 L730 720 C726 770 704 800 700 810Z", dark(C.steel, 0.16)),
      rect(628, 490, 144, 36, 18, C.brass),
      path("M660 494 C640 420 628 340 640 260 C650 200 750 200 760 260 C772 340 760 420 740 494Z", C.wood),
      path("M704 494 C724 400 730 300 716 214 C740 218 756 236 760 260 C772 340 760 420 740 494Z", dark(C.wood, 0.16)),
      circle(700, 262, 12, dark(C.wood, 0.5)),
    )
  );
}

export function filletingKnife(): string {
  return (
    group(
      "rotate(-38 600 600)",
      path("M420 560 C620 540 900 550 1080 640 C900 668 640 664 420 640Z", C.steel),
      path("M420 612 C640 640 900 650 1080 640 C900 668 640 664 420 640Z", C.white),
      line("M460 584 C640 570 840 578 960 610", light(C.steel, 0.5), 6),
      rect(396, 548, 34, 104, 8, C.brass),
      path("M400 552 L180 540 C110 540 90 572 92 604 C94 640 120 664 180 662 L400 648Z", C.teal),
      path("M400 612 L110 624 C120 650 140 664 180 662 L400 648Z", dark(C.teal, 0.24)),
      repeat(3, (i) => circle(190 + i * 80, 600, 13, C.brass)),
    ) +
    group(
      "translate(600 860)",
      path("M-250 0 C-170 -90 -10 -110 140 -20 L230 -80 L216 0 L236 74 L140 20 C0 100 -170 84 -250 0Z", C.sea),
      path("M-250 0 C-170 84 0 100 140 20 C0 40 -150 40 -250 0Z", light(C.sea, 0.6)),
      circle(-186, -14, 11, C.deep),
      line("M-140 -52 C-116 -20 -116 14 -140 44", dark(C.sea, 0.3), 7),
      repeat(5, (i) => line(`M${-80 + i * 40} -44 q18 22 0 44`, dark(C.sea, 0.22), 6)),
    )
  );
}

export function teaTowels(): string {
  const hang = (transform: string, ground: string, ink: string): string => {
    const d = "M330 250 L690 250 L690 900 L330 900Z";
    return group(
      transform,
      path(d, ground),
      inside(
        outline(d),
        repeat(7, (i) => line(`M320 ${400 + i * 62} q31 -34 62 0 t62 0 t62 0 t62 0 t62 0 t62 0 t62 0`, ink, 9)),
        repeat(7, (i) =>
          line(
            `M340 ${434 + i * 62} l${60 + ((i * 53) % 90)} 0 M520 ${434 + i * 62} l${50 + ((i * 37) % 100)} 0`,
            ink,
            4,
            'opacity=".6"',
          ),
        ),
        rect(320, 300, 400, 14, 0, ink),
        rect(320, 846, 400, 14, 0, ink),
        path("M560 240 L600 910 L720 910 L720 240Z", NIGHT, 'opacity=".07"'),
        path("M400 240 L420 910 L460 910 L450 240Z", C.white, 'opacity=".4"'),
      ),
      line("M336 896 L684 896", dark(ground, 0.16), 6, 'stroke-dasharray="10 8"'),
    );
  };
  return (
    hang("translate(190 0) rotate(3 600 200)", C.cream, C.teal) +
    hang("translate(-40 20) rotate(-3 500 200)", C.white, C.navy) +
    rect(200, 226, 800, 34, 17, C.wood) +
    rect(200, 244, 800, 16, 8, dark(C.wood, 0.2))
  );
}

export function dripper(): string {
  const cone = "M380 330 L820 330 L660 560 L540 560Z";
  const carafe =
    "M480 640 L720 640 C740 700 790 740 790 800 C790 850 760 880 720 880 L480 880 C440 880 410 850 410 800 C410 740 460 700 480 640Z";
  return (
    contact(600, 906, 350) +
    rect(290, 884, 620, 28, 12, C.wood) +
    rect(310, 560, 30, 330, 8, dark(C.wood, 0.12)) +
    rect(860, 560, 30, 330, 8, dark(C.wood, 0.2)) +
    rect(290, 544, 620, 34, 12, C.wood) +
    path("M470 250 L730 250 L790 330 L410 330Z", C.white) +
    path("M640 250 L730 250 L790 330 L690 330Z", dark(C.white, 0.12)) +
    path(cone, C.teal) +
    inside(
      outline(cone),
      path("M660 320 L640 570 L720 570 L840 320Z", NIGHT, 'opacity=".16"'),
      path("M430 320 L550 560 L580 560 L490 320Z", C.white, 'opacity=".25"'),
    ) +
    rect(360, 318, 480, 28, 14, light(C.teal, 0.16)) +
    line("M826 380 C900 380 890 470 780 460", C.teal, 24) +
    line("M600 580 L600 640", C.walnut, 8) +
    path(carafe, C.white, 'opacity=".62"') +
    inside(
      outline(carafe),
      rect(400, 760, 400, 140, 0, C.walnut),
      rect(400, 754, 400, 12, 0, light(C.walnut, 0.3)),
      rect(440, 640, 30, 240, 0, C.white, 'opacity=".4"'),
    ) +
    rect(470, 630, 260, 22, 10, C.steel)
  );
}
