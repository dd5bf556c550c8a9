/** The colours of the shop: weathered, a little salt in each. */

export const C = {
  navy: "#2b4a66",
  deep: "#1d3449",
  teal: "#2f6f73",
  sea: "#5f97a3",
  foam: "#f4f1e9",
  cream: "#f2e7d2",
  oat: "#d8c7a8",
  sand: "#e2cfab",
  ochre: "#dda23c",
  rust: "#b5583b",
  brick: "#98432f",
  moss: "#76834f",
  olive: "#5e6443",
  slate: "#64788a",
  charcoal: "#3a454f",
  leather: "#96613a",
  wood: "#cda673",
  walnut: "#7d5638",
  brass: "#cda04b",
  copper: "#bf764c",
  steel: "#bcc6cc",
  iron: "#3b4146",
  heather: "#97829f",
  honey: "#e0952f",
  coral: "#d9795b",
  white: "#fbf8f1",
} as const;

/** Colours that shoppers choose by name. */
export const SHADES: Readonly<Record<string, string>> = {
  Slate: C.slate,
  Moss: C.moss,
  Rust: C.rust,
  Ochre: C.ochre,
  Navy: C.navy,
  Olive: C.olive,
  Charcoal: C.charcoal,
  Oat: C.oat,
  Teal: C.teal,
  Ecru: C.cream,
};

export interface Tint {
  /** The wall. */
  readonly ground: string;
  /** The table. */
  readonly floor: string;
  readonly halo: string;
}

export const TINTS: Readonly<Record<string, Tint>> = {
  Outerwear: { ground: "#dbe7ec", floor: "#c8d9e0", halo: "#e9f1f4" },
  Knitwear: { ground: "#efe6d8", floor: "#e2d5c1", halo: "#f7f1e8" },
  Footwear: { ground: "#ecdfca", floor: "#dfccb0", halo: "#f5ecdd" },
  Galley: { ground: "#dde9e1", floor: "#c9dbd0", halo: "#ebf3ed" },
  Pantry: { ground: "#f5e1d3", floor: "#eacdbb", halo: "#fbeee4" },
  Outdoors: { ground: "#e3e8d3", floor: "#d1d9bb", halo: "#eff2e4" },
  Home: { ground: "#e7e2ec", floor: "#d5cddd", halo: "#f2eff5" },
  Workshop: { ground: "#dde3e9", floor: "#c9d2db", halo: "#ebeff3" },
};
