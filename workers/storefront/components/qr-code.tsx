/**
 * A QR code as inline SVG: nothing is loaded, and no address, file or cache has what it says. Dark on white with the quiet
 * zone of ISO/IEC 18004 in both colour schemes, because not every camera reads it inverted. Pure.
 */
import { encode } from "uqr";

/** Modules of white around the code. */
const QUIET_ZONE = 4;

interface QrCodeProps {
  readonly text: string;
  /** What it is for, to who does not see it. */
  readonly label: string;
}

export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  return (
    <svg class="qr-code" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={data.map(darkRuns).join("")} />
    </svg>
  );
}

/** The dark modules of a row, those side by side as one rectangle. */
function darkRuns(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; ) {
    let length = 0;
    while (row[x + length] === true) length++;
    if (length > 0) path += `M${x} ${y}h${length}v1h-${length}z`;
    x += Math.max(length, 1);
  }
  return path;
}
