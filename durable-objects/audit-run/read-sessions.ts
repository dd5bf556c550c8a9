/** Sessions that were used after they had been revoked (I9): identity looks for them itself. */
import type { Finding } from "./finding.ts";
import type { Phase } from "./step.ts";

export const readSessions: Phase<never> = {
  name: "sessions",
  looksUp: false,
  async step({ store, owners, asker }) {
    const { checked, violations } = await asker.ask("identity", () => owners.IDENTITY.checkRevocations());
    return {
      next: null,
      done: checked,
      of: checked,
      write() {
        store.checked("I9", checked);
        store.report(violations.map(({ sessionId, detail }): Finding => ({ invariant: "I9", subject: sessionId, detail })));
      },
    };
  },
};
