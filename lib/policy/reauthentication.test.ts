import { expect, test } from 'vitest';
import { needsRecentSignIn } from './reauthentication';
import { mayUse } from './roles';
import { verbNames } from './verbs';

test('every verb that changes people, roles, tokens and second factors needs a recent sign-in', () => {
  const people = verbNames.filter((verb) => /^(user|secondFactor)\./.test(verb));
  expect(people.map(needsRecentSignIn)).toEqual(people.map(() => 'person'));
  expect(needsRecentSignIn('token.create')).toBe('person');
});

test('what stops changes or rolls them back never needs one', () => {
  for (const verb of [
    'emergencyStop.set',
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
