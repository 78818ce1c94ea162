-- When a user was last seen stays, although sessions that are long over are deleted.
ALTER TABLE users ADD COLUMN last_seen_at timestamptz;
GRANT SELECT (last_seen_at), UPDATE (last_seen_at) ON users TO calltally_service;
