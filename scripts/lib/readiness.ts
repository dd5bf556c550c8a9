/** Waits until the served system answers for every service, and tells the person where everything is. */

const READY_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 100;

/** @throws with the last answer when a service stays unhealthy. */
export async function waitUntilHealthy(url: string, deadlineMs = READY_DEADLINE_MS): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
      last = await response.text();
      if (response.ok) return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  throw new Error(`The system did not become healthy within ${deadlineMs / 1000} s. Last answer of ${url}/healthz: ${last}`);
}

/** @param mails where they go, when this process carries them */
export function announce(url: string, keyFile: string, took: string, mails?: string): void {
  console.log(`
  Ready in ${took}.

    Shop     ${url}
    API      ${url}/v1/products
    Docs     ${url}/docs
    OpenAPI  ${url}/openapi.json
    Health   ${url}/healthz
    Admin    Authorization: Bearer <ADMIN_API_KEY in ${keyFile}>${mails === undefined ? "" : `\n    Mails    ${mails}`}

  Stop with Ctrl-C. State is kept; delete the state folder to start anew.
`);
}
