import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanName, nameKey } from './approval';
import { ApprovalWords } from './approval-words';

const spaces = fc.stringMatching(/^[ \t\n\u00a0]{1,3}$/);
const words = fc.array(fc.stringMatching(/^[A-Za-zÀ-öø-ÿ]{1,8}$/), { minLength: 1, maxLength: 4 });

describe('approval name', () => {
  it('ignores case and spacing, and differs from other names', () => {
    fc.assert(
      fc.property(words, spaces, spaces, (parts, outside, between) => {
        const name = parts.join(' ');
        const typed = `${outside}${parts.join(between)}${outside}`;
        expect(cleanName(typed)).toBe(cleanName(name));
        expect(nameKey(typed.toUpperCase().normalize('NFD'))).toBe(nameKey(name.toUpperCase()));
        expect(nameKey(`${typed}x`)).not.toBe(nameKey(name));
      }),
    );
  });

  it('is required, and limited to a readable length', () => {
    const nameProblem = (name: string) => ApprovalWords.safeParse({ name }).error?.issues[0]?.message;
    expect(nameProblem(' \n ')).toBe('approval.nameMissing');
    expect(nameProblem('x'.repeat(81))).toBe('approval.nameTooLong');
    expect(ApprovalWords.parse({ name: '  Intan   Permata ' })).toEqual({
      name: 'Intan Permata',
      comment: '',
    });
  });
});
