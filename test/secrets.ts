/** Secrets of test runs only. Each worker gets all of them and reads its own. */
export const TEST_SECRETS = {
  ADMIN_API_KEY: "test-admin-key-not-a-secret",
  CAPABILITY_SECRET: "test-capability-not-a-secret",
  KEY_ENCRYPTION_SECRET: "test-key-encryption-not-a-secret",
  STRIPE_API_KEY: "sk_test_not_a_secret_key",
  STRIPE_WEBHOOK_SECRET: "whsec_test_not_a_secret_key",
} as const;
