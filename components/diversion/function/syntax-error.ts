import { javascriptLanguage } from '@codemirror/lang-javascript';
import { pythonLanguage } from '@codemirror/lang-python';
import type { CodeLanguage } from './hello-clb';

const parsers = { python: pythonLanguage.parser, nodejs: javascriptLanguage.parser };

/**
 * Returns the line of the first syntax error, from 1, according to the editor's own parser; null if the code has no
 * error.
 */
export function syntaxErrorLine(code: string, language: CodeLanguage): number | null {
  let first: number | null = null;
  parsers[language].parse(code).iterate({
    enter({ type, from }) {
      if (type.isError) first ??= from;
      return first === null;
    },
  });
  return first === null ? null : code.slice(0, first).split('\n').length;
}
