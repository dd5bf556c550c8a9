/** How long the units of an order stay held while it is paid; counted down by the island. Pure. */
import type { PageContext } from "../../page-context.ts";
import { liveTexts } from "../../texts/live.ts";
import { fillText } from "../fill-text.ts";
import { remainingTime } from "../remaining-time.ts";

interface HoldCountdownProps {
  readonly page: Pick<PageContext, "locale">;
  readonly expiresAtMs: number;
  readonly nowMs: number;
}

/** The remaining time, not the end, goes to the browser: its clock may be wrong. */
export function HoldCountdown({ page, expiresAtMs, nowMs }: HoldCountdownProps) {
  const { hold } = liveTexts(page.locale);
  const remainingMs = Math.max(0, expiresAtMs - nowMs);
  return (
    <p class="hold-countdown" data-island="hold-countdown" data-remaining-ms={remainingMs} role="timer">
      {remainingMs === 0 ? hold.over : fillText(hold.running, { time: remainingTime(remainingMs) })}
    </p>
  );
}
