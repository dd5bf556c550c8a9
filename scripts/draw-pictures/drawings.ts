/** Which drawing shows which product of the demo shop, in which colour, and where it stands. */
import * as footwear from "./kinds/footwear.ts";
import * as galley from "./kinds/galley.ts";
import * as home from "./kinds/home.ts";
import * as knitwear from "./kinds/knitwear.ts";
import * as outdoors from "./kinds/outdoors.ts";
import * as outerwear from "./kinds/outerwear.ts";
import * as pantry from "./kinds/pantry.ts";
import * as workshop from "./kinds/workshop.ts";
import { C } from "./palette.ts";
import type { Stage, View } from "./scene.ts";
import { group } from "./svg.ts";

export interface Drawing {
  /** @param colour what a shopper chose, for drawings that come in several. */
  readonly draw: (colour: string) => string;
  /** When the product has no choice of colours. */
  readonly colour: string;
  readonly stage: Stage;
  /** A part that deserves a picture of its own. */
  readonly detail?: View;
}

function onWall(draw: (colour: string) => string, colour: string = C.slate, detail?: View): Drawing {
  return { draw, colour, stage: "wall", ...(detail === undefined ? {} : { detail }) };
}

function onTable(draw: (colour: string) => string, colour: string = C.slate, detail?: View): Drawing {
  return { draw, colour, stage: "table", ...(detail === undefined ? {} : { detail }) };
}

function smaller(draw: (colour: string) => string, scale: number): (colour: string) => string {
  return (colour) => group(`translate(600 600) scale(${scale}) translate(-600 -600)`, draw(colour));
}

const COLLAR: View = { x: 300, y: 70, side: 600 };

/** By product handle. */
export const DRAWINGS: Readonly<Record<string, Drawing>> = {
  "skerry-rain-jacket": onWall(outerwear.rainJacket, C.ochre, COLLAR),
  "lugger-waxed-coat": onWall(outerwear.waxedCoat, C.olive, { x: 320, y: 150, side: 560 }),
  "breakwater-fleece": onWall(outerwear.fleece, C.cream, { x: 330, y: 190, side: 520 }),
  "tideline-vest": onWall(outerwear.vest, C.navy),
  "foghorn-parka": onWall(outerwear.parka, C.deep, COLLAR),
  "pilot-smock": onWall(outerwear.smock, C.rust),
  "squall-overtrousers": onWall(outerwear.overtrousers, C.charcoal),
  "drift-windshirt": onWall(outerwear.windshirt, C.sea),

  "gansey-jumper": onWall(knitwear.gansey, C.navy, { x: 320, y: 200, side: 560 }),
  "herring-cardigan": onWall(knitwear.cardigan, C.oat),
  "watch-cap": onWall(knitwear.cap),
  "harbour-scarf": onWall(knitwear.scarf),
  "fingerless-mitts": onWall(knitwear.mitts),
  "boot-socks-pair": onWall(knitwear.socks),
  "oiled-wool-rollneck": onWall(knitwear.rollneck, C.cream, { x: 330, y: 140, side: 540 }),
  "lambswool-blanket": onWall(knitwear.blanket, C.slate),

  "slipway-boots": onTable(footwear.boots, C.leather, { x: 420, y: 280, side: 640 }),
  "deck-shoes": onTable(footwear.deckShoes, C.navy),
  "mudlark-wellingtons": onTable(footwear.wellingtons, C.olive),
  "felt-house-slippers": onTable(footwear.slippers, C.slate),
  "cork-insoles": onWall(footwear.insoles, C.wood),
  "leather-balm-100-ml": onTable(footwear.balm, C.walnut),
  "waxed-laces-pair": onWall(footwear.laces, C.leather),
  "boot-brush": onWall(footwear.brush, C.wood),

  "enamel-mug": onTable(galley.mug),
  "cast-iron-skillet-26-cm": onWall(smaller(galley.skillet, 0.9)),
  "whistling-kettle-2-l": onTable(galley.kettle, C.ochre),
  "nesting-bowls-set-of-four": onTable(galley.bowls),
  "oyster-knife": onWall(galley.oysterKnife),
  "filleting-knife": onWall(galley.filletingKnife),
  "linen-tea-towels-pair": onWall(galley.teaTowels, C.teal, { x: 260, y: 160, side: 520 }),
  "coffee-dripper-and-stand": onTable(galley.dripper),

  "sea-salt-flakes-125-g": onTable(pantry.seaSalt),
  "smoked-salt-125-g": onTable(pantry.smokedSalt),
  "sardines-in-olive-oil": onWall(smaller(pantry.sardines, 0.94)),
  "seaweed-oatcakes": onTable(pantry.oatcakes),
  "harbour-blend-coffee-250-g": onTable(pantry.coffee, C.navy),
  "lighthouse-tea-100-g": onTable(pantry.tea, C.navy, { x: 350, y: 380, side: 500 }),
  "heather-honey-340-g": onTable(pantry.honey),
  "dark-chocolate-with-sea-salt": onWall(smaller(pantry.chocolate, 0.92)),

  "storm-lantern": onTable(outdoors.lantern, C.teal, { x: 330, y: 360, side: 540 }),
  "dry-bag": onTable(outdoors.dryBag, C.ochre),
  "folding-stool": onTable(outdoors.stool),
  "wool-picnic-rug": onTable(outdoors.picnicRug),
  "vacuum-flask-1-l": onTable(outdoors.flask),
  "hand-line-with-weights": onWall(outdoors.handLine),
  "pocket-compass": onWall(outdoors.compass, C.brass, { x: 330, y: 350, side: 520 }),
  "throw-line-20-m": onTable(outdoors.throwLine),

  "driftwood-candle": onTable(home.candle),
  "stoneware-vase": onTable(home.vase),
  "rope-doormat": onWall(home.doormat, C.oat, { x: 180, y: 330, side: 480 }),
  "tide-clock": onWall(smaller(home.tideClock, 0.94)),
  "linen-cushion": onWall(home.cushion),
  "brass-hooks-set-of-three": onWall(home.hooks),
  "beeswax-polish-200-ml": onTable(home.polish),
  "chart-of-the-estuary-print": onWall(smaller(home.chart, 0.93), C.walnut, { x: 320, y: 240, side: 540 }),

  marlinspike: onWall(workshop.marlinspike),
  "sail-needles-set-of-six": onWall(workshop.needles),
  "waxed-thread-50-m": onTable(workshop.thread),
  "leather-palm": onWall(workshop.palm, C.leather),
  "canvas-tool-roll": onWall(smaller(workshop.toolRoll, 0.88), C.olive, { x: 180, y: 200, side: 560 }),
  "rigging-knife": onWall(workshop.riggingKnife),
  "boatyard-apron": onWall(workshop.apron, C.navy),
  "copper-rivets-box": onTable(workshop.rivets),
};
