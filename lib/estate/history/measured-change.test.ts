import { describe, expect, it } from 'vitest';
import type { EstateChange, FieldChange } from './diff-estates';
import { isMeasured } from './measured-change';

const changed = (kind: EstateChange['kind'], ...fields: readonly FieldChange[]): EstateChange => ({
  kind,
  key: 'x',
  op: 'changed',
  fields,
});
const target = (health: string, weight = 10) => ({ instanceId: 'ins-1', port: 80, health, weight });

describe('isMeasured', () => {
  it('accepts a health change of the same targets', () => {
    const field = 'targets';
    expect(isMeasured(changed('rules', { field, removed: [target('up')], added: [target('down')] }))).toBe(
      true,
    );
    expect(isMeasured(changed('rules', { field, removed: [target('up')], added: [target('down', 0)] }))).toBe(
      false,
    );
    expect(isMeasured(changed('rules', { field, removed: [], added: [target('up')] }))).toBe(false);
  });

  it('accepts a record rewritten with the same content, and no other one', () => {
    const noted = { field: 'updatedAt', before: '2026-12-11T15:00:00Z', after: '2026-12-11T16:00:00Z' };
    expect(isMeasured(changed('records', noted))).toBe(true);
    expect(isMeasured(changed('records', noted, { field: 'weight', before: 1, after: 2 }))).toBe(false);
  });

  it('rejects additions and removals', () => {
    expect(isMeasured({ kind: 'records', key: 'x', op: 'removed', object: {} as never })).toBe(false);
  });
});
