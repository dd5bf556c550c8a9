/** Counts down how long the units of an order stay held. What is over reveals `[data-hold-expired]`, a way on. */
import { fillText } from "./fill-text.ts";
import type { Island } from "./island.ts";
import { minutesToSay, remainingTime } from "./remaining-time.ts";

const TICK_MS = 1_000;

export const holdCountdown: Island = (line, { hold }, signal) => {
  // The time since the page came, not the clock: a wrong clock must not show a wrong end.
  const endsAt = performance.now() + Number(line.dataset["remainingMs"] ?? 0);
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  line.after(spoken);
  let before = endsAt - performance.now();
  const tick = () => {
    const remaining = endsAt - performance.now();
    line.textContent = remaining <= 0 ? hold.over : fillText(hold.running, { time: remainingTime(remaining) });
    const minutes = minutesToSay(before, remaining);
    if (minutes !== undefined) spoken.textContent = fillText(hold.minutes, { n: minutes });
    before = remaining;
    if (remaining > 0) return;
    clearInterval(timer);
    spoken.textContent = hold.over;
    for (const element of document.querySelectorAll<HTMLElement>("[data-hold-expired]")) element.hidden = false;
  };
  const timer = setInterval(tick, TICK_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  tick();
};
