-- What is still to be done is a small part of each table: the sweep and the claims read only that part.
CREATE INDEX delivery_open ON delivery (state, channel, id) WHERE state IN ('pending', 'sending');
CREATE INDEX delivery_uncertain ON delivery (notice_id) WHERE state = 'uncertain';
CREATE INDEX inbound_failed ON inbound_update (next_at) WHERE state = 'failed';
CREATE INDEX identity_timeout ON identity (timeout_at) WHERE timeout_at IS NOT NULL;
