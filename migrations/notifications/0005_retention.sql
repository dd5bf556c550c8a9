-- What the schedule looks for when it removes what is too old.
CREATE INDEX notifications_addressed ON notifications (created_at_ms) WHERE recipient IS NOT NULL;
CREATE INDEX account_mails_ended ON account_mails (created_at_ms) WHERE status <> 'queued';
CREATE INDEX push_subscriptions_by_age ON push_subscriptions (created_at_ms);
