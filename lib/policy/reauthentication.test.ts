import { expect, test } from 'vitest';
import { needsRecentSignIn } from './reauthentication';
import { mayUse } from './roles';
import { verbNames } from './verbs';

test('every verb that changes people, roles, tokens and second factors needs a recent sign-in', () => {
  const people = verbNames.filter((verb) => /^(user|secondFactor)\./.test(verb));
  expect(people.map(needsRecentSignIn)).toEqual(people.map(() => 'person'));
  expect(needsRecentSignIn('token.create')).toBe('person');
});

test('every verb about the keys of a connection needs one', () => {
  const verbs = verbNames.filter((verb) => verb.startsWith('connection.'));
  expect(verbs.filter((verb) => needsRecentSignIn(verb) === 'never')).toEqual([]);
  // Its keys are used against an outside address only if they are those of a real account.
  expect(needsRecentSignIn('connection.test')).toBe('realAccount');
});

test('what stops changes or rolls them back never needs one', () => {
  for (const verb of [
    'emergencyStop.set',
    'run.cancelSchedule',
    'run.command',
    'switch.disableFailover',
    'session.signOut',
  ] as const)
    expect(needsRecentSignIn(verb)).toBe('never');
});

test('no verb needs one that is open to someone who is not signed in', () => {
  expect(verbNames.filter((verb) => mayUse(null, verb) && needsRecentSignIn(verb) !== 'never')).toEqual([]);
});

test('a name that every object has is no verb', () => {
  expect(needsRecentSignIn('constructor')).toBe('never');
});

test('what lets traffic of a real account move, or decides who is told, needs one', () => {
  const verbs = ['run.reschedule', 'switch.enableFailover', 'function.deploy', 'safetyGate.set'] as const;
  const others = verbNames.filter((verb) => /^(safetyRule|alertChannel)\.(add|change|remove)$/.test(verb));
  expect(others).toHaveLength(6);
  for (const verb of [...verbs, ...others]) expect(needsRecentSignIn(verb)).toBe('realAccount');
});
