import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from '../test-plans';
import { commentText, shellQuote } from './shell-quote';

const bash = (program: string) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', program], { encoding: 'utf8' });

it('property: a shell gives each word on as it was', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
      const words = texts.map((text) => text.replaceAll('\0', ''));
      expect(bash(`printf '%s\\0' ${texts.map(shellQuote).join(' ')}`)).toBe(`${words.join('\0')}\0`);
    }),
  );
});

it('property: nothing of a comment is run', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 20 }), (texts) => {
      expect(bash(`${texts.map((text) => `# ${commentText(text)}`).join('\n')}\necho end`)).toBe('end\n');
    }),
  );
});

it.each(['', '-n', '~', 'a b', '#', '!', '$HOME', '*', "it's"])('quotes %j', (text) => {
  expect(shellQuote(text)).toMatch(/^'/);
});
