import { expect, it } from 'vitest';
import { functionsLine, isolationNote } from './describe-start';

const weakerBecause = 'unshare: Operation not permitted';

it('warns when functions are not fully isolated, with the reason', () => {
  expect(isolationNote({ isolation: 'jail', weakerBecause: null, jailOnly: false })).toBeNull();
  const user = isolationNote({ isolation: 'user', weakerBecause, jailOnly: false });
  expect(user).toContain('including this dashboard');
  expect(user).toContain(weakerBecause);
  expect(isolationNote({ isolation: 'weak', weakerBecause, jailOnly: false })).toContain('as your own user');
});

it('reports that functions do not run, and the setting that allows them', () => {
  expect(isolationNote({ isolation: 'jail', weakerBecause: null, jailOnly: true })).toBeNull();
  for (const isolation of ['user', 'weak'] as const) {
    const note = isolationNote({ isolation, weakerBecause, jailOnly: true });
    expect(note).toMatch(/do not run.*SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow.*Operation not permitted/);
  }
});

it('reports how functions are isolated on this machine', () => {
  const best = { isolation: 'jail', systemCalls: 'filtered', totalMemory: 'cgroup' } as const;
  expect(functionsLine(best)).toBe(
    'functions: in a jail, system calls filtered, total memory limited by a cgroup',
  );
  expect(functionsLine({ ...best, totalMemory: 'watched' })).toContain('no cgroup is delegated');
  expect(functionsLine({ isolation: 'weak', systemCalls: 'open', totalMemory: 'each' })).toBe(
    'functions: no jail, system calls not filtered, memory limited for each process only',
  );
});
