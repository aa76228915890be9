-- Who waits for a seat, looked at by every sweep.
CREATE INDEX attendance_waiting ON attendance (event) WHERE seat = 'waiting';
