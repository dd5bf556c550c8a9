/** Sets a drawing into its surroundings: a tinted wall with a soft light, a table or nothing below it. Pure. */
import type { Tint } from "./palette.ts";
import { SIDE } from "./svg.ts";

export type Stage = "wall" | "table";

/** What part of the square is shown; the whole of it unless told. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

const WHOLE: View = { x: 0, y: 0, side: SIDE };

const FILTERS =
  '<filter id="soft" x="-20%" y="-20%" width="140%" height="150%"><feDropShadow dx="0" dy="16" stdDeviation="18" flood-color="#14283a" flood-opacity=".2"/></filter>' +
  '<filter id="blur" x="-30%" y="-200%" width="160%" height="500%"><feGaussianBlur stdDeviation="14"/></filter>';

export function backdrop(tint: Tint, stage: Stage): string {
  const floor = `<path d="M0 768 C300 758 900 758 1200 768 L1200 1200 L0 1200Z" fill="${tint.floor}"/>`;
  return (
    `<rect width="${SIDE}" height="${SIDE}" fill="${tint.ground}"/>` +
    `<circle cx="600" cy="${stage === "wall" ? 590 : 570}" r="470" fill="${tint.halo}"/>` +
    (stage === "wall" ? "" : floor)
  );
}

export function picture(content: string, tint: Tint, stage: Stage, view: View = WHOLE): string {
  return document(backdrop(tint, stage) + thing(content, stage), view);
}

/** A thing on a wall throws a shadow behind it; one on a table draws its own where it stands. */
export function thing(content: string, stage: Stage): string {
  return stage === "wall"
    ? `<g filter="url(#soft)" transform="translate(600 592) scale(1.1) translate(-600 -586)">${content}</g>`
    : content;
}

export function document(content: string, view: View = WHOLE): string {
  return frame(content, `${view.x} ${view.y} ${view.side} ${view.side}`, SIDE, SIDE);
}

export function frame(content: string, viewBox: string, width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${width}" height="${height}"><defs>${FILTERS}</defs>${content}</svg>`;
}
