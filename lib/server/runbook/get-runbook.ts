import 'server-only';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lexer, type Token, type Tokens } from 'marked';
import { z } from 'zod';
import type { RunbookBlock, RunbookText } from '@/lib/contract/runbook';
import { query } from '@/lib/server/verb';

/**
 * Parses inline bold, emphasis and code. Links become plain text, because they lead to files that the app does not
 * serve.
 */
function toTexts(tokens: readonly Token[] = []): readonly RunbookText[] {
  const texts: RunbookText[] = [];
  const add = (form: RunbookText['form'], words: string) => {
    const text = words.replace(/\s+/g, ' ');
    const last = texts.at(-1);
    if (form === 'plain' && last?.form === 'plain')
      texts[texts.length - 1] = { form, text: last.text + text };
    else texts.push({ form, text });
  };
  for (const token of tokens) {
    if (token.type === 'strong') add('bold', token.text);
    else if (token.type === 'em') add('emphasis', token.text);
    else if (token.type === 'codespan') add('code', token.text);
    else if (token.type === 'link' || ((token.type === 'text' || token.type === 'paragraph') && token.tokens))
      for (const { form, text } of toTexts(token.tokens)) add(form, text);
    else add('plain', 'text' in token ? token.text : token.raw);
  }
  return texts;
}

/** Returns the anchor that GitHub gives to a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Returns the items of a list, each followed by those of the lists inside it. */
function toItems(items: readonly Tokens.ListItem[]): readonly (readonly RunbookText[])[] {
  return items.flatMap(({ tokens }) => [
    toTexts(tokens.filter(({ type }) => type !== 'list')),
    ...tokens.flatMap((token) => (token.type === 'list' ? toItems(token.items) : [])),
  ]);
}

function toBlock(token: Token): readonly RunbookBlock[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', level: token.depth, id: toAnchor(token.text), text: toTexts(token.tokens) }];
    case 'paragraph':
      return [{ kind: 'paragraph', text: toTexts(token.tokens) }];
    case 'code':
      return [{ kind: 'code', text: token.text }];
    case 'list':
      return [{ kind: 'list', isOrdered: token.ordered, items: toItems(token.items) }];
    default:
      return [];
  }
}

/** Parses the Markdown of the runbook: headings, paragraphs, lists and code blocks, as it uses them. Pure. */
export function parseRunbook(markdown: string): readonly RunbookBlock[] {
  return lexer(markdown).flatMap(toBlock);
}

/**
 * Returns the runbook of this version. It ships with the code, because other copies may be unreachable in an outage.
 */
export const getRunbook = query('runbook.get', z.void(), 'all', async () =>
  parseRunbook(await readFile(join(process.cwd(), 'docs/runbook.md'), 'utf8')),
);
