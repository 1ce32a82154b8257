import { describe, expect, it } from 'vitest';
import { testWorld, worldFunction } from '@/testing/sandbox/data-plane/test-world';
import { published } from '../seeds/parts';
import type { WorldFunction } from '../world/scf';
import type { AccountWorld } from '../world/world';
import { Admission, type Admitted } from './admission';

const now = 1_000_000;

function buildWorld(...functions: WorldFunction[]): AccountWorld {
  const byKey = functions.map((fn) => [`${fn.region}/${fn.namespace}/${fn.name}`, fn] as const);
  return testWorld({ functions: Object.fromEntries(byKey) }).account;
}

function setUp(fn: WorldFunction, { others = [] as WorldFunction[], warm = 0 } = {}) {
  const account = buildWorld(fn, ...others);
  const admission = new Admission((_account, of) => (of === fn ? warm : 0));
  const admit = (at = now, of = fn) =>
    admission.admit({ account, fn: of, version: '1', memoryMb: of.memoryMb, idleMs: 60_000, now: at });
  const kinds = (count: number, at = now) => Array.from({ length: count }, () => admit(at).kind);
  return { account, admit, kinds };
}

/** Creates a function with a version 1 that has provisioned instances. */
function provided(parts: Parameters<typeof worldFunction>[0], count: number): WorldFunction {
  const fn = worldFunction(parts);
  const provisioned = [
    { qualifier: '1', from: count, since: 0, kind: 'Default' as const, target: count, schedule: [] },
  ];
  return { ...published(fn), provisioned };
}

function admitted(answer: { readonly kind: string }): Admitted {
  if (answer.kind !== 'admitted') expect.fail(answer.kind);
  return answer as Admitted;
}

describe('admitted calls', () => {
  it('are limited by the memory of the reservation; each call that ends frees memory', () => {
    const { admit } = setUp(worldFunction({ name: 'a', memoryMb: 256, reservedMb: 512 }));
    const [first, second] = [admitted(admit()), admitted(admit())];
    expect([first.concurrency, second.concurrency, admit().kind]).toEqual([1, 2, 'throttled']);
    first.release(now);
    first.release(now);
    expect([admit().kind, admit().kind]).toEqual(['admitted', 'throttled']);
  });

  it('are none for a function that has 0 reserved', () => {
    const { kinds } = setUp(provided({ name: 'a', reservedMb: 0 }, 5), { warm: 5 });
    expect(kinds(1)).toEqual(['throttled']);
  });

  it('share the part of the account’s quota that no function has reserved', () => {
    const reserved = worldFunction({ name: 'r', memoryMb: 128, reservedMb: 1024 });
    const other = worldFunction({ name: 'o', memoryMb: 1024 });
    const { account, admit } = setUp(worldFunction({ name: 'a', memoryMb: 1024 }), {
      others: [reserved, other],
    });
    account.concurrencyMb['ap-singapore'] = 4096;
    const kinds = [admit(), admit(now, other), admit(), admit(), admit(now, other), admit(now, reserved)];
    expect(kinds.map(({ kind }) => kind)).toEqual([
      ...['admitted', 'admitted', 'admitted'],
      ...['throttled', 'throttled'],
      'admitted',
    ]);
  });

  it('start at most 500 instances a minute; idle ones are reused', () => {
    const { admit, kinds } = setUp(worldFunction({ name: 'a', memoryMb: 64 }));
    const running = Array.from({ length: 500 }, () => admitted(admit()));
    expect(admit().kind).toBe('burst');
    running[0]?.release(now + 1000);
    expect(kinds(2, now + 1000)).toEqual(['admitted', 'burst']);
    expect(kinds(1, now + 59_999)).toEqual(['burst']);
    expect(kinds(1, now + 60_000)).toEqual(['admitted']);
  });

  it('need a new instance when the old one has been idle for too long', () => {
    const { admit, kinds } = setUp(worldFunction({ name: 'a', memoryMb: 64 }));
    for (let count = 0; count < 500; count += 1) admitted(admit()).release(now);
    expect(kinds(500, now + 30_000).filter((kind) => kind === 'admitted')).toHaveLength(500);
  });

  it('don’t count provisioned instances as started; these use their memory even while idle', () => {
    const { kinds } = setUp(provided({ name: 'a', memoryMb: 64 }, 600), { warm: 600 });
    expect(kinds(1001).filter((kind) => kind === 'admitted')).toHaveLength(1000);
    const resting = provided({ name: 'b', memoryMb: 64 }, 9);
    const other = worldFunction({ name: 'o', memoryMb: 64 });
    const quota = setUp(resting, { others: [other], warm: 9 });
    quota.account.concurrencyMb['ap-singapore'] = 640;
    expect([quota.admit(now, other), quota.admit(now, other), quota.admit()].map(({ kind }) => kind)).toEqual(
      ['admitted', 'throttled', 'admitted'],
    );
  });
});
