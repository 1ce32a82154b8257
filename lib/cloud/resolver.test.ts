import { expect, it } from 'vitest';
import { parseResolver } from './resolver';

it.each([
  ['127.0.0.1:3053', '127.0.0.1', 3053],
  ['192.0.2.53', '192.0.2.53', 53],
  ['[2001:db8::53]:5353', '2001:db8::53', 5353],
  ['2001:db8::53', '2001:db8::53', 53],
])('%s is %s, port %d', (text, host, port) => {
  expect(parseResolver(text)).toEqual({ host, port });
});
