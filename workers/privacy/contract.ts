/** The words of the privacy worker that its run shares. Nobody calls it but the gateway. */
export const REQUEST_KINDS = ["export", "erasure"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** `waiting`: an order is not over yet. `expired`: an archive that is gone again. */
export const REQUEST_STATES = ["running", "waiting", "completed", "failed", "expired"] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const ASKED_BY = ["customer", "guest", "operator"] as const;
export type AskedBy = (typeof ASKED_BY)[number];
