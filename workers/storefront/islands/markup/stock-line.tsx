/** One SKU's stock in words, kept true by the island. Pure. */
import type { PageContext } from "../../page-context.ts";
import { liveTexts } from "../../texts/live.ts";
import { type Level, stockBand, stockText } from "../stock-text.ts";

interface StockLineProps {
  readonly page: Pick<PageContext, "locale">;
  readonly sku: string;
  /** Undefined when inventory could not be asked: nothing is said until the island knows. */
  readonly level: Level | undefined;
  /** Units in the cart, for its lines. */
  readonly wanted?: number | undefined;
  /** `poll` where many SKUs stand on one page: they are asked together. */
  readonly mode?: "socket" | "poll" | undefined;
}

export function StockLine({ page, sku, level, wanted = 0, mode = "socket" }: StockLineProps) {
  return (
    <p
      class="stock"
      data-island="live-stock"
      data-sku={sku}
      data-wanted={wanted}
      data-mode={mode}
      data-band={level === undefined ? "unknown" : stockBand(level, wanted)}
      role="status"
    >
      {level === undefined ? "" : stockText(liveTexts(page.locale), level, wanted)}
    </p>
  );
}
