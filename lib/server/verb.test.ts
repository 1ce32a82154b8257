import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { err, ok, type Result } from '@/lib/result';
import { refuse } from '@/lib/store/refusal';
import { testActor } from '@/testing/server/test-person';
import type { AuditedOperation } from './record-audit';
import { createWrapper, RefusedError, UnexpectedError } from './verb';

type Permit = () => Promise<Result<null, ActionError>>;

const sari = {
  actor: testActor('sari', 'operator'),
  credential: { via: 'session', id: 's1' },
} as const;

/**
 * Creates a wrapper that records its steps, and a verb and a query over `{ id }` that run `work`.
 * @param store stores an entry
 */
function setUp(
  work: (note: (facts: { role: string }) => void) => Promise<Result<string, ActionError>>,
  permit: Permit = async () => ok(null),
  store: (entry: AuditedOperation) => Promise<number | null> = async () => 7,
) {
  const steps: string[] = [];
  const entries: AuditedOperation[] = [];
  const wrapper = createWrapper({
    identify: () => {
      steps.push('identify');
      return sari;
    },
    permit: () => {
      steps.push('permit');
      return permit();
    },
    record: (entry) => {
      steps.push(entry.outcome.kind);
      entries.push(entry);
      return store(entry);
    },
  });
  const schema = z.object({ id: z.string().min(3) }).transform((input) => {
    steps.push('parse');
    return input;
  });
  const run = (_input: unknown, _actor: unknown, note: Parameters<typeof work>[0]) => {
    steps.push('run');
    return work(note);
  };
  const scope = ({ id }: { id: string }) => ({ plan: id });
  return {
    steps,
    entries,
    ...wrapper,
    apply: wrapper.verb('plan.apply', schema, scope, run),
    read: wrapper.query('plan.get', schema, scope, run),
  };
}

const done = async () => ok('done');
const input = { id: 'P-1' };

describe('verb', () => {
  it('parses, identifies the actor, checks the permission, records, runs and records, in this order', async () => {
    const { apply, steps, entries } = setUp(async (note) => {
      note({ role: 'viewer' });
      return ok('done');
    });
    expect(await apply(input)).toEqual(ok('done'));
    expect(steps).toEqual(['parse', 'identify', 'permit', 'begun', 'run', 'done']);
    const entry = {
      identity: sari,
      operation: 'plan.apply',
      scope: { plan: 'P-1' },
      fields: ['id'],
      durationMs: expect.any(Number),
    };
    expect(entries).toEqual([
      { ...entry, outcome: { kind: 'begun' }, begun: null, facts: {} },
      { ...entry, outcome: { kind: 'done', value: 'done' }, begun: 7, facts: { role: 'viewer' } },
    ]);
  });

  it('does not run if it can’t be recorded before', async () => {
    const { apply, steps } = setUp(done, undefined, async ({ outcome }) => {
      if (outcome.kind === 'begun') throw new Error('the disk is full');
      return null;
    });
    await expect(apply(input)).rejects.toBeInstanceOf(UnexpectedError);
    expect(steps).toEqual(['parse', 'identify', 'permit', 'begun', 'failed']);
  });

  it('does nothing with invalid input', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything().filter((value) => !z.object({ id: z.string().min(3) }).safeParse(value).success),
        async (bad) => {
          const { apply, steps } = setUp(done);
          expect(await apply(bad as never)).toMatchObject({ ok: false });
          expect(steps).toEqual([]);
        },
      ),
    );
  });

  it('checks the limits before the schema', async () => {
    const { apply, steps } = setUp(done);
    const large = { ...input, more: Array.from({ length: 6000 }, () => 0) };
    expect(await apply(large)).toEqual(refuse('input.tooLarge'));
    expect(steps).toEqual([]);
  });

  it('accepts a parser in place of a schema', async () => {
    const { verb, entries } = setUp(done);
    const shout = verb(
      'plan.import',
      async (text) => (text === 'hash' ? ok({ id: 'P-2' }) : refuse('plan.otherHash')),
      ({ id }) => ({ plan: id }),
      async ({ id }) => ok(id),
    );
    expect(await shout('other')).toEqual(refuse('plan.otherHash'));
    expect(entries).toEqual([]);
    expect(await shout('hash')).toEqual(ok('P-2'));
    expect(entries).toMatchObject([
      { scope: { plan: 'P-2' }, outcome: { kind: 'begun' } },
      { scope: { plan: 'P-2' }, outcome: { kind: 'done' } },
    ]);
  });

  it('does not run without permission, and records that', async () => {
    const refusal: ActionError = { fields: {}, form: { message: 'permission.missing' } };
    const { apply, steps, entries } = setUp(done, async () => err(refusal));
    expect(await apply(input)).toEqual(err(refusal));
    expect(steps).toEqual(['parse', 'identify', 'permit', 'refused']);
    expect(entries).toMatchObject([{ outcome: { kind: 'refused', refusal } }]);
  });

  it('returns and records a refusal', async () => {
    const { apply, entries } = setUp(async () => refuse('plan.gone', { plan: 'P-1' }));
    expect(await apply(input)).toEqual(refuse('plan.gone', { plan: 'P-1' }));
    expect(entries).toMatchObject([
      { outcome: { kind: 'begun' } },
      { outcome: { kind: 'refused', refusal: { form: { message: 'plan.gone' } } } },
    ]);
  });

  it('hides an unexpected error behind the code of its log entry', async () => {
    const secret = new Error('connect postgres://spillway:hunter2@db');
    const { apply, entries } = setUp(async () => {
      throw secret;
    });
    const thrown = await apply(input).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UnexpectedError);
    const entry = entries.at(-1);
    expect(entry?.outcome).toEqual({ kind: 'failed', error: secret, code: expect.any(String) });
    expect(thrown).toMatchObject({ digest: entry?.outcome.kind === 'failed' && entry.outcome.code });
    const { message, stack, cause } = thrown as Error;
    expect(`${message}${stack}${cause}${JSON.stringify(thrown)}`).not.toContain('hunter2');
  });

  it('also records an error of the permission check', async () => {
    const { apply, steps } = setUp(done, async () => {
      throw new Error('the roles could not be read');
    });
    await expect(apply(input)).rejects.toBeInstanceOf(UnexpectedError);
    expect(steps).toEqual(['parse', 'identify', 'permit', 'failed']);
  });

  it('fails with the code of the nested verb', async () => {
    const { verb, apply, entries } = setUp(async () => {
      throw new Error('away');
    });
    const move = verb('switch.move', z.string(), 'all', () => apply(input));
    await expect(move('S-1')).rejects.toBeInstanceOf(UnexpectedError);
    const codes = entries.flatMap(({ outcome }) => (outcome.kind === 'failed' ? outcome.code : []));
    expect(codes).toEqual([expect.any(String), codes[0]]);
  });
});

describe('query', () => {
  it('runs the same steps and returns the value', async () => {
    const { read, steps } = setUp(done);
    expect(await read(input)).toEqual(ok('done'));
    expect(steps).toEqual(['parse', 'identify', 'permit', 'run', 'done']);
  });

  it('returns nothing if it takes data out and can’t be recorded', async () => {
    const { read, steps } = setUp(done, undefined, async ({ outcome }) => {
      if (outcome.kind === 'done') throw new Error('the disk is full');
      return null;
    });
    await expect(read(input)).rejects.toBeInstanceOf(UnexpectedError);
    expect(steps).toEqual(['parse', 'identify', 'permit', 'run', 'done', 'failed']);
  });

  it('throws a refusal for invalid input', async () => {
    const { read, steps } = setUp(done);
    await expect(read({ id: '' })).rejects.toMatchObject({
      status: 400,
      refusal: { fields: { id: [expect.any(String)] } },
    });
    expect(steps).toEqual([]);
  });

  it('throws a refusal when the actor may not read', async () => {
    const { read, steps } = setUp(done, async () => refuse('permission.missing'));
    const thrown = await read(input).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RefusedError);
    expect(thrown).toMatchObject({ status: 403, refusal: { form: { message: 'permission.missing' } } });
    expect(steps).toEqual(['parse', 'identify', 'permit', 'refused']);
  });
});
