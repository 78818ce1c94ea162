-- A second factor: codes of an authenticator app beside the password, and recovery codes that work once each.

ALTER TABLE accounts ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN accounts.second_factor_required IS 'Whether everybody with a password needs an authenticator app.';
GRANT UPDATE (second_factor_required) ON accounts TO calltally_service;

CREATE TABLE second_factors (
    account_id integer NOT NULL,
    user_id bigint NOT NULL,
    secret bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0,
    recovery_sha256 bytea[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users
);
COMMENT ON COLUMN second_factors.secret IS 'What the app and we share, sealed with a key that is not in the ledger.';
COMMENT ON COLUMN second_factors.confirmed_at IS 'Null until the person has typed a first code.';
COMMENT ON COLUMN second_factors.last_step IS 'The time step of the last code: a code works once.';
COMMENT ON COLUMN second_factors.recovery_sha256 IS 'The codes that are left, for a person without the app.';

ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_account ON second_factors TO calltally_service
USING (account_id = (SELECT current_account_id()))
WITH CHECK (account_id = (SELECT current_account_id()));
GRANT SELECT, INSERT, DELETE ON second_factors TO calltally_service;
GRANT UPDATE (secret, confirmed_at, last_step, recovery_sha256) ON second_factors TO calltally_service;
CREATE TRIGGER audited AFTER UPDATE OF confirmed_at ON second_factors
FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION record_change(user_id);
CREATE TRIGGER removal_audited AFTER DELETE ON second_factors
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION record_change(user_id);
