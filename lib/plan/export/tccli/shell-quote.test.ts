import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from '@/testing/plan/export/test-plans';
import { commentText, shellQuote } from './shell-quote';

const bash = (program: string) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', program], { encoding: 'utf8' });

/** Many texts per shell, because starting it takes most of the time. */
const manyTexts = fc.array(anyText, { minLength: 50, maxLength: 200 });
const few = { numRuns: 12 };

it('property: a shell passes each word on unchanged', () => {
  fc.assert(
    fc.property(manyTexts, (texts) => {
      const words = texts.map((text) => text.replaceAll('\0', ''));
      expect(bash(`printf '%s\\0' ${texts.map(shellQuote).join(' ')}`)).toBe(`${words.join('\0')}\0`);
    }),
    few,
  );
});

it('property: no part of a comment is executed', () => {
  fc.assert(
    fc.property(manyTexts, (texts) => {
      expect(bash(`${texts.map((text) => `# ${commentText(text)}`).join('\n')}\necho end`)).toBe('end\n');
    }),
    few,
  );
});

it.each(['', '-n', '~', 'a b', '#', '!', '$HOME', '*', "it's"])('quotes %j', (text) => {
  expect(shellQuote(text)).toMatch(/^'/);
});
