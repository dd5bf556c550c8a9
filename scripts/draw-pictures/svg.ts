/** Small pieces of SVG as text, in one flat style: a base colour, a shade of it, a light of it. Pure. */

/** Every product is drawn in a square of this side; scenes scale it. */
export const SIDE = 1200;
const NIGHT = "#14283a";
const PAPER = "#fffaf0";

/** `t` of `b` in `a`, both `#rrggbb`. */
export function mix(a: string, b: string, t: number): string {
  const channel = (colour: string, index: number): number => Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16);
  const mixed = [0, 1, 2].map((index) => Math.round(channel(a, index) * (1 - t) + channel(b, index) * t));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

export function dark(colour: string, t = 0.18): string {
  return mix(colour, NIGHT, t);
}

export function light(colour: string, t = 0.25): string {
  return mix(colour, PAPER, t);
}

export function path(d: string, fill: string, extra = ""): string {
  return `<path d="${d}" fill="${fill}" ${extra}/>`;
}

/** A stroke with round ends. */
export function line(d: string, colour: string, width: number, extra = ""): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${extra}/>`;
}

export function rect(x: number, y: number, width: number, height: number, radius: number, fill: string, extra = ""): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" ${extra}/>`;
}

export function circle(x: number, y: number, radius: number, fill: string, extra = ""): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" ${extra}/>`;
}

export function ellipse(x: number, y: number, rx: number, ry: number, fill: string, extra = ""): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${extra}/>`;
}

export function group(transform: string, ...content: readonly string[]): string {
  return `<g transform="${transform}">${content.join("")}</g>`;
}

/** The content and its mirror image about the vertical middle of the square. */
export function both(...content: readonly string[]): string {
  const text = content.join("");
  return `${text}<g transform="translate(${SIDE} 0) scale(-1 1)">${text}</g>`;
}

/** Shows the content only inside the shape; `shape` is SVG without fill. */
export function inside(shape: string, ...content: readonly string[]): string {
  const id = `c${hashOf(shape)}`;
  return `<clipPath id="${id}">${shape}</clipPath><g clip-path="url(#${id})">${content.join("")}</g>`;
}

export function outline(d: string): string {
  return `<path d="${d}"/>`;
}

/** The shape of a left half and of its mirror image, for `inside`. */
export function outlineBoth(d: string): string {
  return `<path d="${d}"/><path d="${d}" transform="translate(${SIDE} 0) scale(-1 1)"/>`;
}

export function repeat(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join("");
}

/** A deterministic number from 0 to 1: the same picture every time. */
export function scatter(index: number, salt = 0): number {
  const value = Math.sin(index * 127.1 + salt * 311.7) * 43_758.5453;
  return value - Math.floor(value);
}

/** A standing cylinder with light from the left; its top ellipse is open to what lies in it. */
export function cylinder(x: number, y: number, width: number, height: number, colour: string, depth = width * 0.13): string {
  const right = x + width;
  const bottom = y + height;
  const d = `M${x} ${y} L${x} ${bottom} A${width / 2} ${depth} 0 0 0 ${right} ${bottom} L${right} ${y} A${width / 2} ${depth} 0 0 1 ${x} ${y}Z`;
  return path(d, colour) + inside(outline(d), ...roundShade(x, width, y - depth, height + 2 * depth + 20));
}

/** Light and shade of a round body, to lay over it. */
export function roundShade(x: number, width: number, y: number, height: number): string[] {
  return [
    rect(x + width * 0.72, y, width * 0.28, height, 0, NIGHT, 'opacity=".13"'),
    rect(x + width * 0.9, y, width * 0.1, height, 0, NIGHT, 'opacity=".1"'),
    rect(x + width * 0.1, y, width * 0.09, height, 0, PAPER, 'opacity=".3"'),
  ];
}

/** What a thing leaves on the table. */
export function contact(x: number, y: number, rx: number, ry = rx * 0.1): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${NIGHT}" opacity=".22" filter="url(#blur)"/>`;
}

/** Twisted rope along a path: a body with a dashed shade on it. */
export function rope(d: string, colour: string, width: number): string {
  const lay = `stroke-dasharray="${width * 0.28} ${width * 0.42}" stroke-linecap="butt"`;
  return (
    line(d, dark(colour, 0.28), width + 5) +
    line(d, colour, width) +
    `<path d="${d}" fill="none" stroke="${dark(colour, 0.22)}" stroke-width="${width}" ${lay}/>`
  );
}

export function text(x: number, y: number, size: number, colour: string, content: string, extra = ""): string {
  return `<text x="${x}" y="${y}" font-family="DejaVu Sans" font-weight="700" font-size="${size}" text-anchor="middle" fill="${colour}" letter-spacing="${size * 0.12}" ${extra}>${content}</text>`;
}

function hashOf(content: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < content.length; index++) hash = Math.imul(hash ^ content.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(36);
}
