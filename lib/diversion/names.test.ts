import { describe, expect, it } from 'vitest';
import { DomainName } from './names';

const messages = (text: string) => DomainName.safeParse(text).error?.issues.map(({ message }) => message);

describe('DomainName', () => {
  it.each([`${'a'.repeat(63)}.id`, 'shop.example.co.id', 'xn--bcher-kva.example', '1.2.3.4.example'])(
    'accepts %s',
    (name) => expect(messages(name)).toBeUndefined(),
  );

  it('rejects a label of more than 63 characters', () => {
    expect(messages(`${'a'.repeat(64)}.id`)).toEqual(['domain.labelTooLong']);
  });

  it.each(['127.77.1.2', '10.0.0.1', 'example.123'])('rejects the address %s', (text) => {
    expect(messages(text)).toEqual(['domain.isAddress']);
  });
});
