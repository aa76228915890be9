import type { SlackPayload } from './slackPayload.ts';
import type { Origin } from './slackPerson.ts';

const TEAM = 'T1';
/** Of which the workspace is a part. */
const ORGANIZATION = 'E1';

/** How payloads name where they come from: a workspace, or one of an organization for all of which the app is installed. */
export function originOf(wholeOrganization: boolean): Origin & { event: SlackPayload; self: SlackPayload } {
  if (!wholeOrganization)
    return {
      event: {
        team_id: TEAM,
        authorizations: [{ enterprise_id: null, team_id: TEAM, ...US, is_enterprise_install: false }],
      },
      interactive: { team: { id: TEAM, domain: 'sandbox' }, enterprise: null, is_enterprise_install: false },
      slash: { team_id: TEAM, team_domain: 'sandbox', is_enterprise_install: 'false' },
      userTeam: TEAM,
      self: { team: 'Sandbox', team_id: TEAM, is_enterprise_install: false },
    };
  const enterprise = { id: ORGANIZATION, name: 'Sandbox' };
  const authorization = { enterprise_id: ORGANIZATION, team_id: null, ...US, is_enterprise_install: true };
  return {
    event: { team_id: TEAM, enterprise_id: ORGANIZATION, authorizations: [authorization] },
    interactive: { team: null, enterprise, is_enterprise_install: true },
    slash: { team_id: 'T2', enterprise_id: ORGANIZATION, enterprise_name: 'Sandbox', is_enterprise_install: 'true' },
    userTeam: ORGANIZATION,
    self: { team: 'Sandbox', team_id: ORGANIZATION, enterprise_id: ORGANIZATION, is_enterprise_install: true },
  };
}

const US = { user_id: 'UBOT', is_bot: true };
