import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseRunbook } from './get-runbook';

it('parses headings, paragraphs, lists and code, and keeps the text of links', () => {
  const text = [
    '## It is 3 a.m.\n\nA **run** is _stopped_, see [the `log`](log.md).\nIt waits.',
    '1. One\n   and more\n2. Two',
    '- a\n- b',
    '```sh\ngrep x **y**\n\ncat\n```',
  ].join('\n\n');
  const plain = (words: string) => ({ form: 'plain', text: words });
  expect(parseRunbook(text)).toEqual([
    { kind: 'heading', level: 2, id: 'it-is-3-am', text: [plain('It is 3 a.m.')] },
    {
      kind: 'paragraph',
      text: [
        plain('A '),
        { form: 'bold', text: 'run' },
        plain(' is '),
        { form: 'emphasis', text: 'stopped' },
        plain(', see the '),
        { form: 'code', text: 'log' },
        plain('. It waits.'),
      ],
    },
    { kind: 'list', isOrdered: true, items: [[plain('One and more')], [plain('Two')]] },
    { kind: 'list', isOrdered: false, items: [[plain('a')], [plain('b')]] },
    { kind: 'code', text: 'grep x **y**\n\ncat' },
  ]);
});

it('leaves no Markdown syntax in the runbook', () => {
  const blocks = parseRunbook(readFileSync('docs/runbook.md', 'utf8'));
  const texts = blocks.flatMap((block) =>
    block.kind === 'code' ? [] : block.kind === 'list' ? block.items.flat() : block.text,
  );
  expect(texts.filter(({ form, text }) => form !== 'code' && /\*\*|`|\]\(|^#|\|/.test(text))).toEqual([]);
});
