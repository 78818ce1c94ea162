-- Attempts to sign in. Subjects are fingerprints; each comes with its limit, the time that it counts over, and a place.

-- name: begin(subjects, most, lasts, places) -> one
SELECT begin_sign_in($1::bytea[], $2::integer[], $3::interval[], $4::bytea[]) AS again;

-- name: finish(subjects, place) -> none
SELECT finish_sign_in($1::bytea[], $2::bytea);
