/**
 * V8 settings for a workerd that runs the whole shop. One process holds some eighty isolates here. By default V8 lets the old half of
 * each heap fill with megabytes of garbage before it looks there, which an isolate with little to do never reaches, and the native
 * memory of dead requests, answers and promises hangs on that garbage. The memory balancer gives each isolate room by how fast it
 * allocates instead. Collections that come so often would throw away the bytecode of what ran before the last few of them, and compile
 * it again; and heaps this small are marked faster at once than bit by bit beside the work (docs/decisions/009-memory.md).
 */
const FLAGS = [
  "--memory-balancer",
  "--no-flush-bytecode",
  "--no-incremental-marking",
  "--initial-old-space-size=2",
  "--max-semi-space-size=8",
];

/** What Miniflare reads when it starts workerd. Settings of the environment win. */
export const COLLECT_EARLY = { MINIFLARE_WORKERD_V8_FLAGS: process.env["MINIFLARE_WORKERD_V8_FLAGS"] ?? FLAGS.join(" ") };
