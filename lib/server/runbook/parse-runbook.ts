import type { RunbookBlock, RunbookText } from '@/lib/client/runbook-views';

const forms = { '**': 'bold', _: 'emphasis', '`': 'code' } as const;

/** Parses bold, emphasis and code. Links keep their words: they lead to files that the app does not serve. */
function parseText(text: string): readonly RunbookText[] {
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\s+/g, ' ');
  return plain
    .split(/(\*\*[^*]+\*\*|\b_[^_]+_\b|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part): RunbookText => {
      const mark = (['**', '_', '`'] as const).find(
        (each) => part.length > 2 && part.startsWith(each) && part.endsWith(each),
      );
      return mark === undefined
        ? { form: 'plain', text: part }
        : { form: forms[mark], text: part.slice(mark.length, -mark.length) };
    });
}

/** Returns the anchor that GitHub gives to a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

const itemStart = /^( *)(\d+\.|-) /;

/** Parses a block between empty lines. */
function parseBlock(block: string): RunbookBlock {
  const heading = /^(#+) +(.*)$/.exec(block);
  if (heading !== null) {
    const [, marks = '', words = ''] = heading;
    return { kind: 'heading', level: marks.length, id: toAnchor(words), text: parseText(words) };
  }
  if (!itemStart.test(block)) return { kind: 'paragraph', text: parseText(block) };
  const items: string[] = [];
  for (const line of block.split('\n')) {
    const start = itemStart.exec(line);
    if (start !== null) items.push(line.slice(start[0].length));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return { kind: 'list', isOrdered: /^\d/.test(block), items: items.map(parseText) };
}

/** Parses the Markdown of the runbook: headings, paragraphs, lists and code blocks, as it uses them. Pure. */
export function parseRunbook(markdown: string): readonly RunbookBlock[] {
  return markdown.split(/^(```[\s\S]*?^```)$/m).flatMap((part): readonly RunbookBlock[] => {
    if (part.startsWith('```')) return [{ kind: 'code', text: part.split('\n').slice(1, -1).join('\n') }];
    return part
      .split(/\n{2,}/)
      .map((block) => block.trim())
      .filter((block) => block !== '')
      .map(parseBlock);
  });
}
