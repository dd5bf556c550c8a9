/** A picture in the widths that the media service cuts, with its size known before it loads. Pure. */

const WIDTHS = [160, 320, 640, 960, 1280] as const;
/** The media service draws it. */
const PLACEHOLDER = "/media/placeholder";

interface PictureProps {
  /** A path of our media service, an https URL, or null for the drawn placeholder. */
  readonly src: string | null;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  /** As in `<img sizes>`. */
  readonly sizes: string;
  /** Above the fold: loaded at once and first. */
  readonly eager?: boolean | undefined;
  readonly class?: string | undefined;
}

export function Picture({ src, alt, width, height, sizes, eager, class: className }: PictureProps) {
  const address = src ?? PLACEHOLDER;
  const ours = address.startsWith("/media/") && !address.includes("?");
  return (
    <img
      src={ours ? `${address}?w=640` : address}
      srcset={ours ? WIDTHS.map((candidate) => `${address}?w=${candidate} ${candidate}w`).join(", ") : undefined}
      sizes={ours ? sizes : undefined}
      alt={alt}
      width={width}
      height={height}
      loading={eager === true ? "eager" : "lazy"}
      fetchpriority={eager === true ? "high" : undefined}
      decoding="async"
      class={className}
    />
  );
}
