/** What the benches' workers share as secrets: the shop's, and the sandbox's of the bare shop. None is one. */
export const SECRETS = {
  ADMIN_API_KEY: "bench-admin-key-not-a-secret",
  CAPABILITY_SECRET: "bench-capability-not-a-secret",
  KEY_ENCRYPTION_SECRET: "bench-key-encryption-not-a-secret",
  STRIPE_API_KEY: "sk_test_bench_not_a_secret",
  STRIPE_WEBHOOK_SECRET: "whsec_bench_not_a_secret",
};
