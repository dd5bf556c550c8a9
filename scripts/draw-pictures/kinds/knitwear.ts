/** Knitwear: ribs, yokes, fringes. Pure. */
import { C } from "../palette.ts";
import { both, circle, dark, ellipse, group, inside, light, line, outline, outlineBoth, path, rect, repeat } from "../svg.ts";
import { bodyPath, buttons, type Cut, crewNeck, hem, ribbedCuffs, rollNeck, top } from "./garments.ts";

const NIGHT = "#14283a";

/** Columns of stitches, faint enough to be felt rather than seen. */
function stitches(colour: string): string {
  return repeat(46, (i) => line(`M${250 + i * 15.5} 270 l0 700`, dark(colour, 0.07), 4, 'stroke-dasharray="9 9"'));
}

export function gansey(colour: string): string {
  const cut: Cut = { colour, hem: 890, half: 190 };
  const pale = light(colour, 0.3);
  const ladder = repeat(11, (i) => {
    const x = 424 + i * 36;
    return (
      line(`M${x} 372 l0 128`, pale, 5) +
      (i % 2 === 0
        ? repeat(5, (j) => line(`M${x + 4} ${384 + j * 26} l28 0`, pale, 5))
        : repeat(6, (j) => line(`M${x + 6} ${376 + j * 22} q12 11 24 0`, pale, 5)))
    );
  });
  const bands =
    line("M380 362 L820 362 M380 510 L820 510", pale, 6) + line("M380 530 L820 530", pale, 5, 'stroke-dasharray="5 12"');
  const yoke = inside(outlineBoth(bodyPath(cut)), bands, ladder);
  return (
    top(cut, stitches(colour)) +
    yoke +
    hem(cut, 70, colour) +
    ribbedCuffs(dark(colour, 0.07)) +
    crewNeck(colour, dark(colour, 0.4))
  );
}

export function cardigan(colour: string): string {
  const cut: Cut = { colour, hem: 900, half: 192 };
  const herring = repeat(24, (i) =>
    line(
      `M240 ${300 + i * 28} ${repeat(24, (j) => `l15 ${j % 2 === 0 ? -15 : 15} `)} l15 -15 l15 15 l15 -15 l15 15 l15 -15 l15 15 l15 -15 l15 15 l15 -15 l15 15`,
      dark(colour, 0.1),
      4,
    ),
  );
  const collar =
    "M601 640 L560 520 C520 420 506 330 520 236 C536 222 566 214 601 214 L601 262 C576 268 566 290 572 330 C580 400 592 460 601 520Z";
  const inner = "M601 222 C566 222 540 230 524 244 C524 330 548 440 601 560Z";
  return (
    top(cut, herring) +
    hem(cut, 64, colour) +
    ribbedCuffs(dark(colour, 0.07)) +
    both(path(inner, dark(colour, 0.45))) +
    rect(572, 560, 56, 354, 0, dark(colour, 0.06)) +
    line("M572 600 L572 912 M628 600 L628 912", dark(colour, 0.25), 4) +
    both(
      path("M601 660 L556 520 C516 420 500 320 516 236 C528 224 548 218 562 218 C552 330 566 430 601 530Z", light(colour, 0.1)),
    ) +
    inside(
      outlineBoth(collar),
      both(repeat(14, (i) => line(`M${490 + i * 10} ${240 + i * 4} q10 180 70 400`, dark(colour, 0.12), 4))),
    ) +
    buttons(600, 860, 4, C.walnut) +
    both(rect(434, 700, 108, 120, 8, dark(colour, 0.05)), line("M434 706 L542 706", dark(colour, 0.25), 8))
  );
}

export function rollneck(colour: string): string {
  const cut: Cut = { colour, hem: 890, half: 190 };
  const cable = (x: number): string =>
    repeat(11, (i) => {
      const y = 340 + i * 52;
      return (
        line(`M${x - 20} ${y} C${x - 20} ${y + 26} ${x + 20} ${y + 26} ${x + 20} ${y + 52}`, dark(colour, 0.16), 9) +
        line(`M${x + 20} ${y} C${x + 20} ${y + 26} ${x - 20} ${y + 26} ${x - 20} ${y + 52}`, light(colour, 0.5), 9)
      );
    }) + line(`M${x - 38} 330 l0 600 M${x + 38} 330 l0 600`, dark(colour, 0.13), 5);
  return (
    top(cut, stitches(colour)) +
    inside(outlineBoth(bodyPath(cut)), cable(480), cable(600), cable(720)) +
    hem(cut, 74, colour) +
    ribbedCuffs(dark(colour, 0.07)) +
    rollNeck(colour)
  );
}

export function cap(colour: string): string {
  const crown = "M330 700 C320 440 430 300 600 300 C770 300 880 440 870 700Z";
  const cuff =
    "M306 690 C306 668 322 656 344 656 L856 656 C878 656 894 668 894 690 L894 810 C894 834 878 846 856 846 L344 846 C322 846 306 834 306 810Z";
  const crownRibs = repeat(13, (i) =>
    line(`M${330 + i * 45} 700 Q${430 + i * 28} 420 ${560 + i * 6.5} 296`, dark(colour, 0.15), 8),
  );
  const cuffRibs = repeat(22, (i) => line(`M${322 + i * 27} 650 l0 210`, dark(colour, 0.17), 9));
  return (
    path(crown, colour) +
    inside(
      outline(crown),
      crownRibs,
      path("M700 280 C780 420 800 560 790 720 L900 720 L900 280Z", NIGHT, 'opacity=".1"'),
      path("M330 622 L880 622 L880 700 L330 700Z", NIGHT, 'opacity=".12"'),
    ) +
    path(cuff, light(colour, 0.07)) +
    inside(outline(cuff), cuffRibs, path("M770 640 L900 640 L900 860 L770 860Z", NIGHT, 'opacity=".1"')) +
    rect(640, 722, 92, 62, 8, C.cream) +
    line("M660 762 q13 -22 26 0 q13 -22 26 0", C.teal, 7)
  );
}

export function scarf(colour: string): string {
  const loop =
    "M452 250 C452 200 540 176 600 176 C660 176 748 200 748 250 L764 400 C766 470 690 510 620 506 C520 500 436 470 438 400Z";
  const tail = "M470 440 L640 470 L600 940 L430 924Z";
  const back = "M600 460 L752 430 L790 860 L640 876Z";
  const fringe = (x: number, y: number, width: number, turn: number): string =>
    group(
      `rotate(${turn} ${x} ${y})`,
      repeat(12, (i) => line(`M${x + (i * width) / 11} ${y - 6} l${(i % 3) - 1} 62`, dark(colour, i % 2 === 0 ? 0.06 : 0.2), 9)),
    );
  const bands = (y: number, slope: number): string =>
    path(
      `M360 ${y} l480 ${slope} l0 26 l-480 ${-slope}Z M360 ${y + 44} l480 ${slope} l0 12 l-480 ${-slope}Z`,
      C.cream,
      'opacity=".85"',
    );
  const nap = repeat(40, (i) => line(`M380 ${250 + i * 18} l440 20`, dark(colour, 0.07), 3));
  return (
    fringe(646, 868, 136, -6) +
    path(back, dark(colour, 0.14)) +
    inside(outline(back), bands(760, -40)) +
    fringe(434, 920, 160, 5) +
    path(tail, colour) +
    inside(outline(tail), nap, bands(790, 36), path("M570 430 L660 430 L620 960 L540 960Z", NIGHT, 'opacity=".08"')) +
    path(loop, light(colour, 0.06)) +
    path(
      "M500 262 C520 236 560 224 600 224 C640 224 680 236 700 262 C690 330 650 356 600 356 C550 356 510 330 500 262Z",
      dark(colour, 0.42),
    ) +
    inside(
      outline(loop),
      line("M450 300 C470 400 540 430 610 430 C690 430 750 390 756 320", dark(colour, 0.18), 12),
      line("M446 370 C480 450 550 474 620 474 C690 474 740 450 760 400", dark(colour, 0.18), 10),
    )
  );
}

export function mitts(colour: string): string {
  const hand =
    "M330 330 C330 300 350 286 380 286 L520 286 C548 286 566 300 566 330 L566 420 C600 400 618 370 640 356 C664 344 690 372 676 402 C660 440 610 500 572 548 L560 640 L336 640Z";
  const cuff = "M336 626 L562 626 L548 880 C546 894 538 900 526 900 L372 900 C360 900 352 894 350 880Z";
  const mitt = (turn: string): string =>
    group(
      turn,
      path(hand, colour),
      inside(
        outline(hand),
        repeat(20, (i) => line(`M330 ${296 + i * 19} l320 0`, dark(colour, 0.08), 4)),
        path("M530 280 L720 280 L720 660 L530 660Z", NIGHT, 'opacity=".07"'),
        line("M330 300 L566 300", dark(colour, 0.2), 26, 'opacity=".5"'),
      ),
      path(cuff, light(colour, 0.07)),
      inside(
        outline(cuff),
        repeat(15, (i) => line(`M${342 + i * 16} 620 l2 290`, dark(colour, 0.17), 6)),
        path("M500 620 L600 620 L600 910 L490 910Z", NIGHT, 'opacity=".08"'),
      ),
      repeat(
        4,
        (i) => ellipse(362 + i * 57, 292, 26, 15, dark(colour, 0.5)) + line(`M${390 + i * 57} 300 l0 50`, dark(colour, 0.2), 6),
      ),
      ellipse(664, 372, 15, 27, dark(colour, 0.5), 'transform="rotate(38 664 372)"'),
    );
  return mitt("translate(362 40) rotate(9 450 600)") + mitt("translate(838 -10) scale(-1 1) rotate(7 450 600)");
}

export function socks(colour: string): string {
  const leg =
    "M420 190 L600 190 L604 560 C604 640 640 690 716 748 C780 796 790 880 730 912 C672 942 560 904 486 830 C428 772 420 680 420 600Z";
  const sock = (transform: string, shadeBy: number): string => {
    const base = dark(colour, shadeBy);
    return group(
      transform,
      path(leg, base),
      inside(
        outline(leg),
        repeat(14, (i) =>
          line(`M${424 + i * 14} 280 C${424 + i * 14} 500 ${430 + i * 14} 560 ${450 + i * 14} 640`, dark(base, 0.1), 4),
        ),
        path("M400 640 C470 640 520 700 500 860 L380 860Z", C.oat),
        path("M700 700 C650 760 650 860 690 940 L830 940 L830 700Z", C.oat),
        rect(400, 290, 220, 24, 0, C.cream),
        rect(400, 330, 220, 10, 0, C.cream),
        path("M560 180 L620 180 L620 600 C640 700 720 740 760 800 L700 830 C600 760 556 700 560 560Z", NIGHT, 'opacity=".08"'),
      ),
      rect(412, 176, 196, 96, 16, light(base, 0.08)),
      repeat(12, (i) => line(`M${424 + i * 16} 180 l0 88`, dark(base, 0.18), 6)),
    );
  };
  return sock("translate(96 20) rotate(-4 600 600)", 0.14) + sock("translate(-60 40)", 0);
}

export function blanket(colour: string): string {
  const layer = (y: number, tone: number): string => {
    const d = `M300 ${y} L900 ${y} C960 ${y} 966 ${y + 116} 900 ${y + 116} L300 ${y + 116} C270 ${y + 116} 262 ${y + 90} 262 ${y + 58} C262 ${y + 26} 270 ${y} 300 ${y}Z`;
    const check =
      repeat(9, (i) => rect(276 + i * 84, y, 36, 120, 0, C.cream, 'opacity=".45"')) +
      rect(250, y + 34, 720, 36, 0, C.cream, 'opacity=".45"') +
      repeat(9, (i) => rect(334 + i * 84, y, 8, 120, 0, C.rust, 'opacity=".75"'));
    return (
      path(d, dark(colour, tone)) +
      inside(
        outline(d),
        check,
        rect(250, y + 92, 720, 30, 0, NIGHT, 'opacity=".16"'),
        rect(250, y, 720, 12, 0, C.white, 'opacity=".2"'),
        rect(868, y, 110, 120, 0, NIGHT, 'opacity=".1"'),
      )
    );
  };
  const fringe = repeat(21, (i) =>
    line(`M${306 + i * 28} 486 l${(i % 3) - 1} 70`, i % 2 === 0 ? C.cream : dark(C.cream, 0.18), 10),
  );
  return (
    layer(752, 0.12) +
    layer(636, 0.08) +
    layer(520, 0.04) +
    layer(404, 0) +
    fringe +
    rect(790, 420, 88, 56, 6, C.cream) +
    circle(834, 448, 13, C.rust)
  );
}
