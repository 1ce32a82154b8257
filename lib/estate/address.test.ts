import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isIpAddress,
  isLoopbackAddress,
  isPrivateAddress,
  isPublicAddress,
  isWithinNetwork,
  mappedIpv4,
  parseEndpoint,
  plainAddress,
} from './address';

describe('endpoint parsing', () => {
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
  ])('rejects %s', (text) => {
    expect(parseEndpoint(text, 53)).toBeNull();
  });

  it('round-trips every valid address and port', () => {
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

  it('returns a valid port or null for any text', () => {
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

it('normalizes two spellings of an address to the same text', () => {
  expect(plainAddress('2001:DB8:0:0::53')).toBe(plainAddress('2001:db8::53'));
  expect(plainAddress('lb-1.clb.test')).toBe('lb-1.clb.test');
});

describe('address classification', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.77.1.1', '169.254.0.23', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '240.0.0.1'],
    ...['255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1'],
    ...['::ffff:8.8.8.8', '::ffff:127.0.0.1', '::127.0.0.1', '::ffff:0:169.254.169.254'],
    ...[
      '64:ff9b::8.8.8.8',
      '64:ff9b::a9fe:a9fe',
      '64:ff9b:1::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::',
      '4000::1',
    ],
    ...['2001:db8::1', '127.1', 'localhost', ''],
  ])('treats %s as not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '43.129.1.1', '172.32.0.1', '100.128.0.1', '2402:4e00::1', '2606:4700::1111'])(
    'treats %s as public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it('recognizes private networks, loopback, and a network by its prefix', () => {
    expect(
      ['10.0.0.1', '192.168.0.1', 'fd00::1', '127.0.0.1', '8.8.8.8'].filter(isPrivateAddress),
    ).toHaveLength(3);
    expect(
      ['127.0.0.1', '127.77.1.1', '::1', '::ffff:127.0.0.1', '10.0.0.1'].filter(isLoopbackAddress),
    ).toHaveLength(3);
    expect(isWithinNetwork('127.77.200.1', '127.77.0.0/16')).toBe(true);
    expect(isWithinNetwork('127.78.0.1', '127.77.0.0/16')).toBe(false);
    expect(isWithinNetwork('::ffff:127.77.0.1', '127.77.0.0/16')).toBe(false);
  });
});

it('property: finds the IPv4 address that an IPv6 one maps, in every spelling, and no other', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(mappedIpv4(`::ffff:${address}`)).toBe(address);
      expect(mappedIpv4(plainAddress(`::FFFF:${address}`))).toBe(address);
    }),
  );
  for (const text of ['2001:db8::1', '::1', '192.0.2.1', 'shop.example.com', ''])
    expect(mappedIpv4(text)).toBeNull();
});
