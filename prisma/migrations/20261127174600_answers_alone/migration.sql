-- People may leave everything but the answers to what they said.
ALTER TABLE "identity"
  DROP CONSTRAINT "identity_wants_check",
  ADD CONSTRAINT "identity_wants_check" CHECK ("wants" IN ('all', 'chosen', 'critical', 'answers'));
