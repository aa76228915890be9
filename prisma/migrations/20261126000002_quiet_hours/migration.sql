-- Until when somebody is not to be disturbed, null where they may be now. Hours are those of a zone, from the one to before the
-- other, over midnight where the first is later. With the zone's own rules, so that it is right on days of 23 and 25 hours.
CREATE FUNCTION quiet_until("moment" timestamptz, "zone" text, "begins" time, "ends" time) RETURNS timestamptz
  LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN begins = ends THEN NULL
    WHEN begins < ends AND (here.local::time < begins OR here.local::time >= ends) THEN NULL
    WHEN begins > ends AND here.local::time < begins AND here.local::time >= ends THEN NULL
    ELSE (date_trunc('day', here.local) + CASE WHEN here.local::time >= ends THEN interval '1 day' ELSE interval '0' END + ends)
      AT TIME ZONE zone
  END FROM (SELECT moment AT TIME ZONE zone AS local) AS here WHERE begins IS NOT NULL AND ends IS NOT NULL
$$;

-- A zone that this server knows: what platforms report may be newer than its tables. (073 stands for a semicolon, at which
-- migrations are cut.)
CREATE FUNCTION known_zone("zone" text, "otherwise" text) RETURNS text LANGUAGE plpgsql STABLE AS
  E'BEGIN IF zone IS NULL THEN RETURN otherwise\073 END IF\073 PERFORM now() AT TIME ZONE zone\073 RETURN zone\073 EXCEPTION WHEN invalid_parameter_value THEN RETURN otherwise\073 END\073';
