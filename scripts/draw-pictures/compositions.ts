/** Pictures of more than one thing: a still life for each category, and the quay of the home page. Pure. */
import { DRAWINGS } from "./drawings.ts";
import { C, TINTS } from "./palette.ts";
import { foreground, quay } from "./quay.ts";
import { backdrop, document, frame, thing } from "./scene.ts";
import { group } from "./svg.ts";

interface Placed {
  readonly handle: string;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly turn?: number;
  readonly colour?: string;
}

/** Three things of each category, back to front. */
const STILL_LIVES: Readonly<Record<string, readonly Placed[]>> = {
  Outerwear: [
    { handle: "lugger-waxed-coat", x: 330, y: 600, scale: 0.62, turn: -5 },
    { handle: "foghorn-parka", x: 880, y: 590, scale: 0.62, turn: 5 },
    { handle: "skerry-rain-jacket", x: 605, y: 640, scale: 0.76 },
  ],
  Knitwear: [
    { handle: "gansey-jumper", x: 420, y: 470, scale: 0.68, turn: -4 },
    { handle: "harbour-scarf", x: 900, y: 600, scale: 0.72, turn: 6, colour: C.moss },
    { handle: "watch-cap", x: 600, y: 850, scale: 0.5, turn: -3, colour: C.rust },
  ],
  Footwear: [
    { handle: "mudlark-wellingtons", x: 420, y: 604, scale: 0.74 },
    { handle: "slipway-boots", x: 800, y: 694, scale: 0.66 },
    { handle: "leather-balm-100-ml", x: 560, y: 880, scale: 0.4 },
  ],
  Galley: [
    { handle: "whistling-kettle-2-l", x: 420, y: 624, scale: 0.76 },
    { handle: "coffee-dripper-and-stand", x: 890, y: 644, scale: 0.68 },
    { handle: "enamel-mug", x: 640, y: 884, scale: 0.46, colour: C.rust },
  ],
  Pantry: [
    { handle: "harbour-blend-coffee-250-g", x: 330, y: 644, scale: 0.7 },
    { handle: "heather-honey-340-g", x: 910, y: 684, scale: 0.66 },
    { handle: "lighthouse-tea-100-g", x: 620, y: 784, scale: 0.62 },
  ],
  Outdoors: [
    { handle: "wool-picnic-rug", x: 740, y: 654, scale: 0.72 },
    { handle: "storm-lantern", x: 330, y: 674, scale: 0.74 },
    { handle: "vacuum-flask-1-l", x: 940, y: 774, scale: 0.56, colour: C.rust },
  ],
  Home: [
    { handle: "tide-clock", x: 800, y: 360, scale: 0.42 },
    { handle: "stoneware-vase", x: 380, y: 644, scale: 0.78 },
    { handle: "driftwood-candle", x: 830, y: 844, scale: 0.54 },
  ],
  Workshop: [
    { handle: "canvas-tool-roll", x: 600, y: 480, scale: 0.74 },
    { handle: "waxed-thread-50-m", x: 340, y: 914, scale: 0.44, colour: C.rust },
    { handle: "copper-rivets-box", x: 800, y: 924, scale: 0.5 },
  ],
};

export function stillLife(category: string): string {
  const tint = TINTS[category];
  const things = STILL_LIVES[category];
  if (tint === undefined || things === undefined) throw new Error(`no still life of ${category}`);
  const stage = things.some(({ handle }) => DRAWINGS[handle]?.stage === "table") ? "table" : "wall";
  return document(backdrop(tint, stage) + things.map(place).join(""));
}

function place({ handle, x, y, scale, turn = 0, colour }: Placed): string {
  const drawing = DRAWINGS[handle];
  if (drawing === undefined) throw new Error(`no drawing of ${handle}`);
  const content = drawing.draw(colour ?? drawing.colour);
  return group(`translate(${x} ${y}) rotate(${turn}) scale(${scale}) translate(-600 -600)`, thing(content, drawing.stage));
}

export const HERO_WIDTH = 1600;
export const HERO_HEIGHT = 1200;

const ON_THE_QUAY: readonly Placed[] = [
  { handle: "throw-line-20-m", x: 330, y: 900, scale: 0.4 },
  { handle: "slipway-boots", x: 640, y: 876, scale: 0.46 },
  { handle: "storm-lantern", x: 960, y: 826, scale: 0.56 },
  { handle: "enamel-mug", x: 1250, y: 950, scale: 0.28, colour: C.cream },
];

/** Morning at the harbour; what matters lies in the middle, so that any crop keeps it. */
export function hero(): string {
  return frame(
    quay() + ON_THE_QUAY.map(place).join("") + foreground(),
    `0 0 ${HERO_WIDTH} ${HERO_HEIGHT}`,
    HERO_WIDTH,
    HERO_HEIGHT,
  );
}
