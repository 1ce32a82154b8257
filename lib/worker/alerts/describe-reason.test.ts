import { expect, it } from 'vitest';
import { describeReason } from './describe-reason';

it('names the person who applied a plan without approval', () => {
  const reason = { kind: 'breakGlass', actor: 'sari@example.com', reason: 'outage' } as const;
  expect(describeReason(reason)).toBe('Applied without approval by sari@example.com: outage');
});
