-- What refers to an attempt or a lead is found from it: the page of one attempt's life asks, and must not read every
-- appointment, follow-up and rejected item of an account for it. Each is written far more seldom than attempts are.

CREATE INDEX appointments_by_attempt ON appointments (account_id, dialer, attempt) WHERE attempt IS NOT NULL;
CREATE INDEX appointments_by_lead ON appointments (account_id, lead) WHERE lead IS NOT NULL;
CREATE INDEX follow_ups_by_lead ON follow_ups (account_id, lead) WHERE lead IS NOT NULL;
CREATE INDEX rejected_items_by_external_id ON rejected_items (account_id, external_id) WHERE external_id IS NOT NULL;
