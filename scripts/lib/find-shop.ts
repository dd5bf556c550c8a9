/** Says plainly that there is no shop where a command was told to look: "fetch failed" helps nobody. */

const DEADLINE_MS = 10_000;

/** @throws when nothing answers there, with the reason and what to do */
export async function findShop(url: string): Promise<void> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(DEADLINE_MS) });
    await response.body?.cancel();
  } catch (error) {
    throw new Error(
      `Nothing answers at ${url} (${reasonOf(error)}).\n` +
        "Start the shop with `npm start` or `npm run serve`, or say where it is: --url https://shop.example",
    );
  }
}

/** Node hides the reason behind "fetch failed": of several addresses, each has one. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: unknown; readonly message?: string };
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const { code } = (first ?? {}) as { readonly code?: string };
  return code ?? message ?? String(error);
}
