import { expect, it } from 'vitest';
import { isolationNote } from './isolation-note';

const weakerBecause = 'unshare: Operation not permitted';

it('warns wherever functions can reach more than themselves, and says why', () => {
  expect(isolationNote({ isolation: 'jail', weakerBecause: null, jailOnly: false })).toBeNull();
  const user = isolationNote({ isolation: 'user', weakerBecause, jailOnly: false });
  expect(user).toContain('this dashboard too');
  expect(user).toContain(weakerBecause);
  expect(isolationNote({ isolation: 'weak', weakerBecause, jailOnly: false })).toContain('as your own user');
});

it('says that functions do not run, and what would let them', () => {
  expect(isolationNote({ isolation: 'jail', weakerBecause: null, jailOnly: true })).toBeNull();
  for (const isolation of ['user', 'weak'] as const) {
    const note = isolationNote({ isolation, weakerBecause, jailOnly: true });
    expect(note).toMatch(/do not run.*SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow.*Operation not permitted/);
  }
});
