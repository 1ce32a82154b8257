import { describe, expect, it } from 'vitest';
import { getRelyingParty } from './relying-party';

const at = (SPILLWAY_URL: string | undefined, SPILLWAY_TLS_CERT?: string) =>
  getRelyingParty({ PORT: 3000, SPILLWAY_URL, SPILLWAY_TLS_CERT });

describe('the party that passkeys are made for', () => {
  it('is the host of the address that people open', () => {
    expect(at('https://spillway.example.com:8443')).toEqual({
      id: 'spillway.example.com',
      origin: 'https://spillway.example.com:8443',
    });
  });

  it.each([
    [undefined, undefined, 'http://localhost:3000'],
    [undefined, '/cert.pem', 'https://localhost:3000'],
    ['http://localhost:4000', undefined, 'http://localhost:4000'],
    ['https://10.0.0.5', '/cert.pem', 'https://localhost'],
    ['https://[2001:db8::1]:8443', '/cert.pem', 'https://localhost:8443'],
  ])('is localhost if the address %s has no host name', (url, certificate, origin) => {
    expect(at(url, certificate)).toEqual({ id: 'localhost', origin });
  });
});
