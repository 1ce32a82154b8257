/** A comment up to the end of its line, a quoted word, the end of a directive, or a bare word. */
const token = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(;)|[^\s;"']+/gs;

/**
 * Parses the directives of a custom configuration, as `['proxy_read_timeout', '60s']`: nginx's own, each ended by `;`
 * (https://www.tencentcloud.com/document/product/214/32427). The cloud validated the text when it accepted it.
 */
export function readDirectives(text: string): readonly (readonly string[])[] {
  const directives: string[][] = [];
  let words: string[] = [];
  for (const match of text.matchAll(token)) {
    const [all, double, single, end] = match;
    if (all.startsWith('#')) continue;
    if (end === undefined) {
      words.push((double ?? single)?.replace(/\\(.)/gs, '$1') ?? all);
      continue;
    }
    if (words.length > 0) directives.push(words);
    words = [];
  }
  return directives;
}
