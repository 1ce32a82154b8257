/**
 * Returns whether a name fits a pattern, in which each `*` stands for any characters, including none and dots:
 * `*.example.co.id` fits `shop.example.co.id` and `a.shop.example.co.id`, but not `example.co.id`. The time that it
 * takes grows with the product of both lengths at most.
 * @param pattern in lower case
 */
export function matchesDomain(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const text = name.toLowerCase();
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Returns whether a name fits any of the patterns. */
export function matchesAnyDomain(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesDomain(pattern, name));
}
