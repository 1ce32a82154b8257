import type { QueryName, VerbName } from './verbs';

/** The roles that people are offered. */
export const roles = ['viewer', 'operator', 'approver', 'administrator'] as const;
/** All roles. Tokens are offered one more: an agent reports what it sees of runs, and reads nothing else. */
export const tokenRoles = ['agent', ...roles] as const;
export type Role = (typeof tokenRoles)[number];

/**
 * The rights of roles: `read` everything that pages show; `operate` diversions, runs and Switches; `approve` plans; stop
 * all changes, acknowledge alerts and comment on plans (`respond`); run code of their own (`runCode`): functions, the sandbox; and
 * `configure` policies, freezes, feeds and the accounts of people. `audit`: read who did what, with addresses and sessions. `breakGlass`: apply a plan
 * without the approvals that it needs. `report`: what an agent sees of runs, which guards may use.
 */
export type Permission =
  | 'read'
  | 'operate'
  | 'approve'
  | 'respond'
  | 'runCode'
  | 'configure'
  | 'audit'
  | 'breakGlass'
  | 'report';

/**
 * An approver can't operate, so that no one approves what they apply. An administrator may do everything, so a team has
 * few of them. Operators may break glass: someone on call shouldn't have to be an administrator, and everyone
 * sees it. A rule may forbid it.
 */
const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  agent: ['report'],
  viewer: ['read'],
  operator: ['read', 'operate', 'respond', 'breakGlass', 'report'],
  approver: ['read', 'approve', 'respond', 'audit'],
  administrator: [
    'read',
    'operate',
    'approve',
    'respond',
    'runCode',
    'configure',
    'audit',
    'breakGlass',
    'report',
  ],
};

/** Returns the rights of a role. */
export const listPermissions = (role: Role): readonly Permission[] => permissions[role];

/** The right that an operation needs; `public`: none, not even a sign-in. */
type Need = Permission | 'public';

const verbNeeds: Readonly<Record<VerbName, Need>> = {
  'alert.acknowledge': 'respond',
  'alert.reopen': 'respond',
  'alertChannel.add': 'configure',
  'alertChannel.change': 'configure',
  'alertChannel.remove': 'configure',
  'alertChannel.test': 'configure',
  // Its own verb decides, too: to approve, or to command a run.
  'alertLink.use': 'respond',
  'approval.cancelRequest': 'operate',
  'approval.comment': 'respond',
  'approval.decline': 'approve',
  'approval.request': 'operate',
  'approval.withdraw': 'approve',
  'approvalPolicy.set': 'configure',
  'calendarFeed.create': 'configure',
  'calendarFeed.revoke': 'configure',
  'changeFreeze.add': 'configure',
  'changeFreeze.remove': 'configure',
  'checklist.noteRoute': 'operate',
  'checklist.show': 'operate',
  'connection.add': 'configure',
  'connection.change': 'configure',
  'connection.remove': 'configure',
  'connection.rotateKeys': 'configure',
  'connection.test': 'configure',
  'diversion.discard': 'operate',
  'diversion.duplicate': 'operate',
  'diversion.restore': 'operate',
  'diversion.saveDraft': 'operate',
  'drift.accept': 'operate',
  'drift.restore': 'operate',
  'emergencyStop.clear': 'respond',
  'emergencyStop.set': 'respond',
  'estate.sync': 'operate',
  'function.delete': 'runCode',
  'function.deleteAlias': 'runCode',
  'function.deleteVersion': 'runCode',
  'function.deploy': 'runCode',
  'function.publish': 'runCode',
  'function.setAlias': 'runCode',
  'function.setProvisioned': 'operate',
  'function.test': 'runCode',
  'passkey.add': 'read',
  'passkey.begin': 'read',
  'passkey.remove': 'read',
  'passkey.rename': 'read',
  'password.change': 'read',
  'plan.apply': 'operate',
  'plan.approve': 'approve',
  'plan.breakGlass': 'breakGlass',
  'plan.create': 'operate',
  'plan.fix': 'operate',
  'plan.import': 'operate',
  'policy.set': 'configure',
  'probe.report': 'report',
  'recurrence.set': 'operate',
  'recurrence.stop': 'operate',
  'rehearsal.cancel': 'operate',
  'rehearsal.start': 'operate',
  'run.cancelSchedule': 'operate',
  'run.command': 'operate',
  'run.replan': 'operate',
  'run.reschedule': 'operate',
  // A rule may reserve its gate for administrators.
  'safetyGate.set': 'operate',
  'safetyRule.add': 'configure',
  'safetyRule.change': 'configure',
  'safetyRule.remove': 'configure',
  'sandbox.command': 'runCode',
  'sandbox.import': 'runCode',
  'secondFactor.begin': 'read',
  'secondFactor.confirm': 'read',
  'secondFactor.remove': 'read',
  'secondFactor.renewCodes': 'read',
  'session.beginPasskey': 'public',
  'session.beginSso': 'public',
  'session.completeSso': 'public',
  // The provider sends it, with a token that it has signed.
  'session.endBySso': 'public',
  'session.reauthenticate': 'read',
  'session.revoke': 'read',
  'session.revokeOthers': 'read',
  'session.signIn': 'public',
  'session.signInWithPasskey': 'public',
  'session.signOut': 'public',
  'setUp.complete': 'public',
  'signInPolicy.set': 'configure',
  'switch.add': 'operate',
  'switch.disableFailover': 'operate',
  'switch.enableFailover': 'operate',
  'switch.move': 'operate',
  'switch.remove': 'operate',
  // Of their own; an administrator may revoke those of others, too.
  'token.create': 'read',
  'token.revoke': 'read',
  'user.endSessions': 'configure',
  'user.invite': 'configure',
  'user.remove': 'configure',
  'user.resetSecondFactor': 'configure',
  'user.setGrants': 'configure',
  'vantagePoint.add': 'configure',
  'vantagePoint.remove': 'configure',
};

/**
 * Queries need `read`, except for those that show the code and data of the sandbox, the accounts of people, the keys in use
 * or the audit log, and those with a token of their own.
 */
const queryNeeds: Readonly<Partial<Record<QueryName, Need>>> = {
  'audit.export': 'audit',
  'audit.list': 'audit',
  'calendarFeed.read': 'public',
  'probe.listTargets': 'report',
  'connection.listSettings': 'configure',
  // Lists what is planned, whoever may see it.
  'safetyRule.preview': 'configure',
  'sandbox.export': 'runCode',
  'session.get': 'public',
  'session.listWays': 'public',
  'user.list': 'configure',
};

/**
 * The verbs and queries that concern everything, besides those of the settings and the audit log: they need a role without
 * limits.
 */
const installationWide: ReadonlySet<VerbName | QueryName> = new Set([
  'emergencyStop.clear',
  'emergencyStop.set',
  'metrics.get',
  'safetyGate.set',
  'sandbox.command',
  'sandbox.export',
  'sandbox.get',
  'sandbox.import',
]);

const isVerb = (operation: VerbName | QueryName): operation is VerbName => operation in verbNeeds;

/** Returns the right that a verb or a query needs. */
export function findNeed(operation: VerbName | QueryName): Need {
  return isVerb(operation) ? verbNeeds[operation] : (queryNeeds[operation] ?? 'read');
}

/**
 * Returns whether a role may use a verb or a query.
 * @param role null: not signed in
 */
export function mayUse(role: Role | null, operation: VerbName | QueryName): boolean {
  const need = findNeed(operation);
  return need === 'public' || (role !== null && permissions[role].includes(need));
}

/** Returns whether a verb or a query concerns everything, so that a role with limits does not suffice. */
export function isInstallationWide(operation: VerbName | QueryName): boolean {
  const need = findNeed(operation);
  return need === 'configure' || need === 'audit' || installationWide.has(operation);
}

/** Returns whether a role has all rights of another. */
export function includesRole(role: Role, other: Role): boolean {
  return permissions[other].every((permission) => permissions[role].includes(permission));
}

/**
 * Returns the role with the most rights that two roles have in common: `viewer` for an operator and an approver. null =
 * they have none, as a viewer and an agent.
 */
export function commonRole(one: Role, other: Role): Role | null {
  const [most = null] = tokenRoles
    .filter((role) => includesRole(one, role) && includesRole(other, role))
    .sort((a, b) => permissions[b].length - permissions[a].length);
  return most;
}
