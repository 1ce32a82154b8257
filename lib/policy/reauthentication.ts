import type { VerbName } from './verbs';

/**
 * For how long someone who has signed in, or has confirmed that it is they, may use the verbs below, in ms (ASVS 5.0,
 * 7.5.3). Whoever finds an open browser later can't.
 */
export const recentMs = 5 * 60_000;

/**
 * The need for a recent sign-in. `person`: always, so that a program with an API token can't, whatever its role: a stolen
 * token must not outlive its own end. `realAccount`: by people, if the verb touches a real account; a token needs a recent
 * sign-in when it is created.
 */
export type RecentSignIn = 'person' | 'realAccount' | 'never';

/**
 * The verbs that need a recent sign-in: those that decide who may sign in and with which rights, or how many people must
 * agree, those that need fewer of them, those that change the keys of the cloud, and those that move traffic of a real account, let it
 * move by itself, decide what holds it back or who is told, or change the code that serves it. A test
 * of a connection changes nothing, but makes a worker open all of its keys and send signed calls to the cloud: of a real
 * account, it needs one, too. What stops changes or rolls them back never needs one, since it can't wait.
 */
const recentSignIn: Readonly<Partial<Record<VerbName, RecentSignIn>>> = {
  'alertChannel.add': 'realAccount',
  'alertChannel.change': 'realAccount',
  'alertChannel.remove': 'realAccount',
  'approvalPolicy.set': 'person',
  'connection.add': 'person',
  'connection.change': 'person',
  'connection.remove': 'person',
  'connection.rotateKeys': 'person',
  'connection.test': 'realAccount',
  'function.delete': 'realAccount',
  'function.deleteAlias': 'realAccount',
  'function.deleteVersion': 'realAccount',
  'function.deploy': 'realAccount',
  'function.setAlias': 'realAccount',
  'passkey.add': 'person',
  'passkey.begin': 'person',
  'passkey.remove': 'person',
  // A person decides by the name which passkey to remove.
  'passkey.rename': 'person',
  'plan.apply': 'realAccount',
  'plan.breakGlass': 'person',
  'recurrence.set': 'realAccount',
  'run.reschedule': 'realAccount',
  'safetyGate.set': 'realAccount',
  'safetyRule.add': 'realAccount',
  'safetyRule.change': 'realAccount',
  'safetyRule.remove': 'realAccount',
  'secondFactor.begin': 'person',
  'secondFactor.confirm': 'person',
  'secondFactor.remove': 'person',
  'secondFactor.renewCodes': 'person',
  'signInPolicy.set': 'person',
  'switch.enableFailover': 'realAccount',
  'switch.move': 'realAccount',
  'token.create': 'person',
  'user.endSessions': 'person',
  'user.invite': 'person',
  'user.remove': 'person',
  'user.resetSecondFactor': 'person',
  'user.setGrants': 'person',
};

/**
 * Returns whether an operation starts, shows or ends sessions, or concerns how a person proves who they are. No API token
 * may use it: a session has all rights of the token's owner, and lasts longer.
 */
export const needsPerson = (operation: string): boolean =>
  /^(session|setUp|password|secondFactor|passkey)\./.test(operation);

const settingUp: ReadonlySet<string> = new Set([
  'passkey.add',
  'passkey.begin',
  'secondFactor.begin',
  'secondFactor.confirm',
  'session.getSecurity',
  'session.reauthenticate',
]);

/**
 * Returns whether an operation sets up a second factor, or leads to that: someone without the one that everyone needs may use
 * no other, besides those that need no sign-in.
 */
export const setsUpFactor = (operation: string): boolean => settingUp.has(operation);

/** Returns whether a verb needs a recent sign-in. */
export function needsRecentSignIn(operation: string): RecentSignIn {
  const needs: Readonly<Record<string, RecentSignIn | undefined>> = recentSignIn;
  return Object.hasOwn(needs, operation) ? (needs[operation] ?? 'never') : 'never';
}
