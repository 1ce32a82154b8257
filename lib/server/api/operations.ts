import 'server-only';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { capacityOperations } from './operations/capacity';
import { connectionOperations } from './operations/connections';
import { diversionOperations } from './operations/diversions';
import { estateOperations } from './operations/estate';
import { functionOperations } from './operations/functions';
import type { Operation } from './operations/operation';
import { planOperations } from './operations/plans';
import { rehearsalOperations } from './operations/rehearsals';
import { runOperations } from './operations/runs';
import { safetyOperations } from './operations/safety';
import { settingsOperations } from './operations/settings';
import { switchOperations } from './operations/switches';
import { systemOperations } from './operations/system';

/** The operations of the API by section. */
export const sections = {
  Diversions: diversionOperations,
  Plans: planOperations,
  Rehearsals: rehearsalOperations,
  Capacity: capacityOperations,
  Runs: runOperations,
  Estate: estateOperations,
  Functions: functionOperations,
  Switches: switchOperations,
  Connections: connectionOperations,
  'Safety rules': safetyOperations,
  Settings: settingsOperations,
  System: systemOperations,
} satisfies Record<string, readonly Operation[]>;

/** All operations of the API. */
export const operations: readonly Operation[] = Object.values(sections).flat();

/** The verbs and queries that the API doesn't serve, with the reason. */
export const notServed: Partial<Record<VerbName | QueryName, string>> = {
  'alertLink.get': 'The page of a link, for the person at a browser.',
  'alertLink.use':
    'A link is used by the person at a browser; programs have the operations that it leads to.',
  'audit.export': 'A stream of JSON lines: GET /api/audit/export.',
  'calendarFeed.read': 'Calendar programs read it at its own address, with its own token.',
  'change.follow': 'A stream of a browser: GET /api/changes.',
  'diversion.list': 'The newest, for a page: diversion.listAll lists all.',
  'diversion.listDraftOptions': 'The choices of one field of the editor.',
  'diversion.openDraft': 'The editor opens with it, from the address of its page.',
  'diversion.readForCreating': 'A part of the estate for a dialog of the editor.',
  'navigation.countRecent': 'The same as navigation.count, up to a second old.',
  'passkey.add': 'Needs a recent sign-in of the person.',
  'passkey.begin': 'Needs a recent sign-in of the person.',
  'passkey.remove': 'Needs a recent sign-in of the person.',
  'passkey.rename': 'Needs a recent sign-in of the person.',
  'password.change': 'Starts a new session of the browser.',
  'secondFactor.begin': 'Needs a recent sign-in of the person.',
  'secondFactor.confirm': 'Needs a recent sign-in of the person.',
  'secondFactor.remove': 'Needs a recent sign-in of the person.',
  'secondFactor.renewCodes': 'Needs a recent sign-in of the person.',
  'plan.breakGlass': 'Needs a recent sign-in of the person.',
  'run.getRecord': 'The same as run.exportRecord, for a page.',
  'session.beginPasskey': 'A challenge for the authenticator of a person at a browser.',
  'session.beginSso': 'Leads a browser to the provider.',
  'session.completeSso': 'Starts the session of a browser.',
  'session.endBySso': 'The provider of single sign-on ends sessions with it: POST /api/session/sso/logout.',
  'session.get': 'The session of a browser.',
  'session.getSecurity': 'The second factor and the passkeys of the person at a browser.',
  'session.list': 'The sessions of browsers.',
  'session.listWays': 'The content of the sign-in page.',
  'session.reauthenticate': 'Confirms the session of a browser.',
  'session.revoke': 'Ends the session of a browser.',
  'session.revokeOthers': 'Ends sessions of browsers, and needs the session that stays.',
  'session.signIn': 'Starts the session of a browser.',
  'session.signInWithPasskey': 'Starts the session of a browser.',
  'session.signOut': 'Ends the session of a browser.',
  'setUp.complete': 'Creates an account from a link, in a browser.',
  'signInPolicy.set': 'Needs a recent sign-in of the administrator.',
  'user.endSessions': 'Needs a recent sign-in of the administrator.',
  'user.resetSecondFactor': 'Needs a recent sign-in of the administrator.',
};
