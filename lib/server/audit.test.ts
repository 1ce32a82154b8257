import { Writable } from 'node:stream';
import { beforeEach, expect, it } from 'vitest';
import { createLog } from '@/lib/log/log';
import { parseSettings } from '@/lib/settings';
import { recordAudit } from './audit';

let lines: Record<string, unknown>[] = [];

beforeEach(() => {
  lines = [];
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const settings = parseSettings({});
  if (!settings.ok) throw new Error('the default settings are valid');
  Object.assign(globalThis, {
    spillwayWebProcess: { settings: settings.value, log: createLog('web', 'info', { to }) },
  });
});

const entry = { actor: { name: 'sari', role: 'operator' }, scope: { plan: 'P-1' }, durationMs: 7 } as const;

it('writes a line for each verb, with actor, objects and outcome', () => {
  recordAudit({ ...entry, operation: 'plan.apply', outcome: { kind: 'done' } });
  expect(lines).toMatchObject([
    {
      msg: 'audit',
      actor: 'sari',
      operation: 'plan.apply',
      scope: { plan: 'P-1' },
      outcome: 'done',
      durationMs: 7,
    },
  ]);
});

it('writes no line for a successful query, because pages read every few seconds', () => {
  recordAudit({ ...entry, operation: 'plan.get', outcome: { kind: 'done' } });
  expect(lines).toEqual([]);
});

it('logs the rule or the fields of a refusal, without the input', () => {
  const refused = (refusal: {
    fields: Record<string, string[]>;
    form: { message: string; values: { reason: string } } | null;
  }) => recordAudit({ ...entry, operation: 'plan.get', outcome: { kind: 'refused', refusal } });
  refused({ fields: {}, form: { message: 'emergencyStop.stopped', values: { reason: 'entered text' } } });
  refused({ fields: { name: ['approval.twice'] }, form: null });
  expect(lines).toMatchObject([{ refusal: 'emergencyStop.stopped' }, { refusal: ['name'] }]);
  expect(JSON.stringify(lines)).not.toContain('entered text');
});

it('logs the cause of a failure with the code that the browser gets', () => {
  recordAudit({
    ...entry,
    operation: 'plan.get',
    outcome: { kind: 'failed', error: new Error('away'), code: 'c0de' },
  });
  expect(lines).toMatchObject([{ level: 50, outcome: 'failed', code: 'c0de', err: { message: 'away' } }]);
});

it('truncates ids, which are input', () => {
  const scope = { connections: Array.from({ length: 500 }, () => 'x'.repeat(1_000_000)) };
  recordAudit({ ...entry, operation: 'plan.create', scope, outcome: { kind: 'done' } });
  expect(JSON.stringify(lines).length).toBeLessThan(3000);
});
