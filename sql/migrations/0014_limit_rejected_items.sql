-- Rejected items are small and do not stay forever: content over the limit is not stored, and old ones are removed.

ALTER TABLE rejected_items ADD COLUMN raw_bytes integer;
UPDATE rejected_items
SET raw_bytes = length(raw), raw = CASE WHEN length(raw) <= 65536 THEN raw ELSE '' END;
ALTER TABLE rejected_items ALTER COLUMN raw_bytes SET NOT NULL;
COMMENT ON COLUMN rejected_items.raw IS 'The item as it was sent, byte for byte; empty if it was larger than 64 KiB.';
COMMENT ON COLUMN rejected_items.raw_bytes IS 'The size of the item as it was sent.';

CREATE INDEX rejected_items_by_recorded_at ON rejected_items (account_id, recorded_at);
GRANT DELETE ON rejected_items TO calltally_service;
