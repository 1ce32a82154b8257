import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIpAddress, parseEndpoint, plainAddress } from './address';

describe('an address with a port', () => {
  it.each([
    ['127.0.0.1:3053', '127.0.0.1', 3053],
    ['192.0.2.53', '192.0.2.53', 53],
    ['192.0.2.53:65535', '192.0.2.53', 65_535],
    ['[2001:db8::53]:5353', '2001:db8::53', 5353],
    ['2001:db8::53', '2001:db8::53', 53],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1', 53],
  ])('reads %s as %s, port %d', (text, host, port) => {
    expect(parseEndpoint(text, 53)).toEqual({ host, port });
  });

  it.each([
    ...[
      '',
      ':',
      ':53',
      '8.8.8.8:',
      '8.8.8.8:0',
      '8.8.8.8:65536',
      '8.8.8.8:99999',
      '8.8.8.8:053535',
      '8.8.8.8:5x',
    ],
    ...['256.1.1.1', '1.2.3', '127.1', '0x7f.0.0.1', '0177.0.0.1', '08.8.8.8', ' 8.8.8.8', '8.8.8.8 '],
    ...[
      '[8.8.8.8]:53',
      '[2001:db8::53]',
      '2001:db8::53:99999',
      '[fe80::1%eth0]:53',
      'fe80::1%eth0',
      '[::1]:0',
    ],
    ...['dns.example.com', 'dns.example.com:53', 'http://8.8.8.8', ':'.repeat(60_000), '['.repeat(60_000)],
  ])('refuses %s', (text) => {
    expect(parseEndpoint(text, 53)).toBeNull();
  });

  it('reads back every address and port that it could be given', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.ipV4(), port, (host, number) => {
        expect(parseEndpoint(`${host}:${number}`, 53)).toEqual({ host, port: number });
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), port, (host, number) => {
        expect(parseEndpoint(`[${host}]:${number}`, 53)).toEqual({ host, port: number });
      }),
    );
  });

  it('gives a port within the limits or nothing, whatever the text', () => {
    const near = fc.stringMatching(/^[0-9a-f.:[\]%]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        const read = parseEndpoint(text, 53);
        if (read === null) return;
        expect(isIpAddress(read.host)).toBe(true);
        expect(read.port >= 1 && read.port <= 65_535).toBe(true);
      }),
    );
  });
});

it('writes two spellings of an address alike', () => {
  expect(plainAddress('2001:DB8:0:0::53')).toBe(plainAddress('2001:db8::53'));
  expect(plainAddress('lb-1.clb.test')).toBe('lb-1.clb.test');
});
