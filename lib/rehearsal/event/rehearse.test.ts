import { describe, expect, it } from 'vitest';
import { RehearsalReport } from '@/lib/rehearsal/report/report';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

describe('rehearse', () => {
  it('moves a Split at T0, rolls it back at T1, and loses no request', async () => {
    const report = await rehearse(testRehearsal());
    expect(RehearsalReport.parse(report)).toEqual(report);
    expect(report.goals.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'rolledBack', rollback: { code: 'T1' } } });
  });

  it('gives the same report twice from one seed, and another from another seed', async () => {
    const faults = { kinds: ['apiErrors' as const, 'workerCrash' as const], count: 3, given: [] };
    const input = testRehearsal({ settings: { seed: 7, faults } });
    const first = JSON.stringify(await rehearse(input));
    expect(JSON.stringify(await rehearse(input))).toBe(first);
    expect(JSON.stringify(await rehearse({ ...input, seed: 8 }))).not.toBe(first);
  });
});
