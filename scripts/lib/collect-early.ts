/**
 * V8 settings for a workerd that runs the whole shop. One process holds some sixty isolates here, and by default each lets its
 * garbage grow to hundreds of megabytes before it looks at the old half of its heap; native memory of dead requests and
 * answers hangs on that garbage. Collected early, the process stays flat (docs/decisions/009-memory.md).
 */
const FLAGS = ["--initial-old-space-size=8", "--heap-growing-percent=20", "--max-semi-space-size=8"];

/** What Miniflare reads when it starts workerd. Settings of the environment win. */
export const COLLECT_EARLY = { MINIFLARE_WORKERD_V8_FLAGS: process.env["MINIFLARE_WORKERD_V8_FLAGS"] ?? FLAGS.join(" ") };
