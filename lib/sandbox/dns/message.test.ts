import { decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RCODE } from './answer';
import { encodeResponse, failure, parseQuery } from './message';

const message = encode({
  type: 'query',
  id: 7,
  questions: [{ type: 'A', name: 'www.shop.example' }],
  additionals: [
    {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1232,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [{ code: 8, family: 1, sourcePrefixLength: 24, ip: '192.0.2.0' }],
    },
  ],
});

test('drops, refuses, or answers every mutated query with a readable message', () => {
  const edits = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(edits, fc.nat(message.length), (changes, length) => {
      const bent = Buffer.from(message);
      for (const [at, byte] of changes) bent[at] = byte;
      const parsed = parseQuery(bent.subarray(0, length));
      if (parsed.kind === 'refuse') decode(parsed.message);
      if (parsed.kind !== 'query') return;
      const facts = { recursionAvailable: false, scopeBits: 0, transport: 'udp' } as const;
      const reply = decode(encodeResponse(parsed.query, failure(RCODE.refused), facts));
      expect(reply).toMatchObject({ id: parsed.query.id, type: 'response', rcode: 'REFUSED' });
    }),
    { numRuns: 5000 },
  );
});

test('refuses a name that the library can’t encode again', () => {
  const dotted = Buffer.from(message);
  dotted.write('.', 14);
  expect(parseQuery(dotted)).toMatchObject({ kind: 'refuse' });
  expect(parseQuery(message)).toMatchObject({
    kind: 'query',
    query: { question: { name: 'www.shop.example' } },
  });
});
