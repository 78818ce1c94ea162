-- No phone number is an agent; calls that turn out to be an erased person's are emptied; talks that last too long.

-- When a call's note or contact is gone, nothing was ever said of them.
CREATE FUNCTION stamps_without_words(stamps jsonb, note text, contact text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN NULLIF(stamps - array_remove(ARRAY[
    CASE WHEN note IS NULL THEN 'note' END,
    CASE WHEN contact IS NULL THEN 'contact' END
], NULL), '{}');

-- The calls of a lead that turns out to be erased.
CREATE INDEX inbound_calls_by_lead ON inbound_calls (account_id, lead);

COMMENT ON COLUMN deliveries.body IS
    'As it came, without secrets; null, as query and headers are, where a hook stored too much that day or a person in it'
    ' was erased.';
COMMENT ON COLUMN deliveries.said IS
    'The items that were taken from it; null where there were none, or a person in it was erased.';
