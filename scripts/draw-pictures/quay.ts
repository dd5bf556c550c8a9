/** The harbour in the morning: sky, headland, lighthouse, a boat on the water, planks to put things on. Pure. */
import { C } from "./palette.ts";
import { circle, dark, group, light, line, mix, path, rect, repeat } from "./svg.ts";

const WIDTH = 1600;
const HORIZON = 560;
const QUAY = 900;

export function quay(): string {
  return sky() + headland() + sea() + boat() + planks();
}

function sky(): string {
  const top = "#cfe3e8";
  const low = "#f8e6d2";
  const bands = repeat(8, (i) => rect(0, (HORIZON / 8) * i, WIDTH, HORIZON / 8 + 2, 0, mix(top, low, i / 7)));
  const cloud = (x: number, y: number, size: number): string =>
    path(
      `M${x} ${y} q${20 * size} ${-40 * size} ${70 * size} ${-30 * size} q${40 * size} ${-50 * size} ${100 * size} ${-10 * size} q${60 * size} ${-20 * size} ${80 * size} ${40 * size}Z`,
      "#fffaf0",
      'opacity=".85"',
    );
  const gull = (x: number, y: number, size: number): string =>
    line(`M${x} ${y} q${18 * size} ${-20 * size} ${36 * size} 0 q${18 * size} ${-20 * size} ${36 * size} 0`, C.navy, 6);
  return (
    bands +
    circle(1040, 430, 150, "#fff3dc") +
    circle(1040, 430, 110, "#fbd9a0") +
    cloud(160, 250, 1.3) +
    cloud(1180, 190, 1) +
    cloud(640, 150, 0.7) +
    gull(560, 300, 1) +
    gull(700, 240, 0.7) +
    gull(1330, 340, 0.8)
  );
}

function headland(): string {
  const far = mix(C.sea, "#f8e6d2", 0.45);
  const near = mix(C.moss, "#cfe3e8", 0.25);
  return (
    path(`M900 ${HORIZON} C1050 470 1180 520 1300 480 C1420 440 1520 470 1600 450 L1600 ${HORIZON}Z`, far) +
    path(`M0 400 C120 380 220 420 330 440 C430 456 500 500 560 ${HORIZON} L0 ${HORIZON}Z`, near) +
    path(`M0 470 C140 450 240 500 330 500 C420 500 470 540 560 ${HORIZON} L0 ${HORIZON}Z`, dark(near, 0.14)) +
    path("M222 236 L278 236 L300 446 L200 446Z", C.white) +
    path("M250 236 L278 236 L300 446 L256 446Z", dark(C.white, 0.1)) +
    path("M217 284 L283 284 L288 334 L212 334Z M207 384 L294 384 L300 440 L200 440Z", C.rust) +
    path("M252 284 L283 284 L288 334 L252 334Z M254 384 L294 384 L300 440 L254 440Z", dark(C.rust, 0.16)) +
    rect(210, 226, 80, 14, 4, C.deep) +
    rect(226, 182, 48, 46, 6, C.ochre) +
    path("M216 184 L250 150 L284 184Z", C.rust) +
    rect(320, 400, 110, 60, 4, C.cream) +
    path("M308 404 L375 356 L442 404Z", dark(C.rust, 0.2)) +
    rect(344, 420, 24, 24, 3, C.ochre) +
    rect(386, 420, 22, 40, 3, C.teal)
  );
}

function sea(): string {
  const water = mix(C.sea, C.teal, 0.35);
  const wave = (y: number, step: number, colour: string): string => {
    const count = Math.ceil(WIDTH / step) + 1;
    return path(
      `M${-step / 2} ${y} ${repeat(count, (i) => `q${step / 2} ${i % 2 === 0 ? -16 : 16} ${step} 0 `)} L${WIDTH + step} ${QUAY + 40} L0 ${QUAY + 40}Z`,
      colour,
    );
  };
  const glitter = repeat(16, (i) =>
    line(`M${1040 - 120 + ((i * 67) % 230)} ${582 + i * 16} l${40 + ((i * 29) % 60)} 0`, "#fbe3bb", 7, 'opacity=".75"'),
  );
  return (
    rect(0, HORIZON, WIDTH, 400, 0, light(water, 0.4)) +
    glitter +
    wave(640, 150, light(water, 0.22)) +
    wave(720, 190, water) +
    wave(800, 230, dark(water, 0.16))
  );
}

function boat(): string {
  return group(
    "translate(-90 -4)",
    path("M620 640 L900 640 C888 690 850 714 820 716 L690 716 C650 712 628 680 620 640Z", C.navy),
    path("M620 640 L900 640 L896 658 L626 658Z", C.white),
    line("M760 640 L760 330", C.walnut, 13),
    path("M748 346 L748 616 L628 616Z", C.rust),
    path("M748 346 L748 616 L690 616Z", dark(C.rust, 0.14)),
    path("M774 380 L774 616 L876 616Z", C.cream),
    path("M760 330 L760 300 L810 315Z", C.ochre),
    line("M600 724 q30 -14 60 0 t60 0 t60 0 t60 0 t60 0", "#fffaf0", 8, 'opacity=".8"'),
  );
}

function planks(): string {
  const wood = mix(C.wood, "#f8e6d2", 0.2);
  return (
    rect(0, QUAY, WIDTH, 320, 0, wood) +
    repeat(
      4,
      (i) =>
        rect(0, QUAY + i * 78, WIDTH, 78, 0, i % 2 === 0 ? wood : dark(wood, 0.05)) +
        rect(0, QUAY + i * 78, WIDTH, 5, 0, dark(wood, 0.26)),
    ) +
    repeat(11, (i) => rect(90 + i * 150 + (i % 2) * 60, QUAY + (i % 4) * 78, 5, 78, 0, dark(wood, 0.26))) +
    repeat(22, (i) =>
      circle(
        104 + Math.floor(i / 2) * 150 + (Math.floor(i / 2) % 2) * 60,
        QUAY + (Math.floor(i / 2) % 4) * 78 + (i % 2 === 0 ? 20 : 58),
        5,
        dark(wood, 0.4),
      ),
    )
  );
}

/** What stands before everything: bollards at both edges. */
export function foreground(): string {
  const bollard = (x: number): string =>
    rect(x, 830, 110, 230, 20, C.charcoal) +
    rect(x + 66, 830, 44, 230, 20, dark(C.charcoal, 0.35)) +
    rect(x - 16, 806, 142, 56, 26, C.iron) +
    rect(x + 10, 816, 60, 10, 5, light(C.iron, 0.4));
  return bollard(70) + bollard(1430);
}
