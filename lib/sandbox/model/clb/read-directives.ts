import { err, ok, type Result } from '@/lib/result';

/** One directive of an nginx-like text: `proxy_set_header X-Method $request_method;`. */
export type Directive = { readonly name: string; readonly args: readonly string[]; readonly line: number };

/** The reason a text is invalid, and its line (from 1). */
export type ConfigProblem = { readonly line: number; readonly reason: string };

/**
 * A space, a comment up to the end of its line, a quoted word, a bare word, the end of a directive, or an invalid
 * character. A quoted word may span lines and contain its own quote after a backslash, as in nginx.
 */
const token =
  /(?<space>\s+)|(?<comment>#[^\n]*)|(?<double>"(?:[^"\\]|\\.)*")|(?<single>'(?:[^'\\]|\\.)*')|(?<end>;)|(?<word>[^\s;{}"'#][^\s;{}"']*)|(?<other>.)/gsy;

/** Reads the consecutive directives of a text, each ended by `;`. Blocks are refused. */
export function parseDirectives(text: string): Result<Directive[], ConfigProblem> {
  const directives: Directive[] = [];
  let words: string[] = [];
  let line = 1;
  let startLine = 1;
  for (const match of text.matchAll(token)) {
    const { double, single, end, word, other } = match.groups ?? {};
    if (other !== undefined) return err({ line, reason: `unexpected "${other}"` });
    const quoted = (double ?? single)?.slice(1, -1).replace(/\\(.)/gs, '$1');
    const next = quoted ?? word;
    if (next !== undefined) {
      if (words.length === 0) startLine = line;
      words.push(next);
    }
    if (end !== undefined) {
      const [name, ...args] = words;
      if (name === undefined) return err({ line, reason: 'unexpected ";"' });
      directives.push({ name, args, line: startLine });
      words = [];
    }
    line += match[0].split('\n').length - 1;
  }
  if (words.length > 0)
    return err({ line: startLine, reason: `directive "${words[0]}" is not terminated by ";"` });
  return ok(directives);
}
