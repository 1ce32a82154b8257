import type { ParsedCustomConfig } from '@/lib/sandbox/model/clb/custom-config';

/**
 * Applies a custom configuration to the headers of a response (name, value, name, value):
 * https://www.tencentcloud.com/document/product/214/32427
 */
export function answerHeaders(
  { responseHeaders, redirectsToHttps }: ParsedCustomConfig,
  headers: string[],
): string[] {
  if (responseHeaders.length === 0 && !redirectsToHttps) return headers;
  const replaced = new Set(
    responseHeaders.filter(({ replaces }) => replaces).map(({ name }) => name.toLowerCase()),
  );
  const answered: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    if (replaced.has(key)) continue;
    const moved = redirectsToHttps && key === 'location' ? value.replace(/^http:/, 'https:') : value;
    answered.push(name, moved);
  }
  for (const { name, text } of responseHeaders) answered.push(name, text);
  return answered;
}
