/**
 * Returns whether a name fits a pattern, in which each `*` stands for any characters, including none and dots:
 * `*.example.co.id` fits `shop.example.co.id` and `a.shop.example.co.id`, but not `example.co.id`. The time that it
 * takes grows with the product of both lengths at most.
 * @param pattern in lower case
 */
export function matchesDomain(pattern: string, name: string): boolean {
  return fitsParts(pattern.split('*'), name.toLowerCase());
}

function fitsParts(parts: readonly string[], text: string): boolean {
  const [first = ''] = parts;
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return text.length - last.length >= at && text.endsWith(last);
}

/** Returns a test whether a name fits any of some patterns, which are read once. */
export function domainMatcher(patterns: readonly string[]): (name: string) => boolean {
  const whole = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const split = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (name) => {
    const text = name.toLowerCase();
    return whole.has(text) || split.some((parts) => fitsParts(parts, text));
  };
}
