-- The side of the forum on which somebody is, and two more roles.
ALTER TABLE "member" ADD COLUMN "side" TEXT;
ALTER TABLE "member" ADD CONSTRAINT "member_side_check" CHECK (side IN ('government', 'civil society'));
ALTER TABLE "member" DROP CONSTRAINT "member_roles_check";
ALTER TABLE "member" ADD CONSTRAINT "member_roles_check" CHECK (
  roles <@ ARRAY['organizer', 'forum', 'liaison', 'viewer', 'admin'] AND cardinality(roles) > 0
);
