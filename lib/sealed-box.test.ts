import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openSealed, SealedTextError, seal, sealedFor, sealingKey, sealingKeyId } from './sealed-box';

const privateKey = randomBytes(32).toString('base64');
const publicKey = sealingKey(privateKey);
const text = 'https://hooks.example.com/Ü?key=1';

it('opens what was sealed for its key', () => {
  const sealed = seal(publicKey, text, 'channel 1');
  expect(sealed).not.toContain('hooks');
  expect(openSealed([privateKey], sealed, 'channel 1')).toBe(text);
  expect(seal(publicKey, text, 'channel 1')).not.toBe(sealed);
});

it('refuses another key, another object, and a changed or cut text', () => {
  const sealed = seal(publicKey, text, 'channel 1');
  const changed = `${sealed.slice(0, -8)}${sealed.at(-8) === 'A' ? 'B' : 'A'}${sealed.slice(-7)}`;
  const other = randomBytes(32).toString('base64');
  expect(() => openSealed([other], sealed, 'channel 1')).toThrow(SealedTextError);
  expect(() => openSealed([privateKey], sealed, 'channel 2')).toThrow(SealedTextError);
  for (const wrong of [changed, sealed.slice(0, 40), '', text])
    expect(() => openSealed([privateKey], wrong, 'channel 1')).toThrow(SealedTextError);
});

it('names its key, and finds it among several', () => {
  const sealed = seal(publicKey, text, 'channel 1');
  const other = randomBytes(32).toString('base64');
  expect(sealedFor(sealed)).toBe(sealingKeyId(publicKey));
  expect(sealedFor(text)).toBeNull();
  expect(openSealed([other, privateKey], sealed, 'channel 1')).toBe(text);
  expect(() => openSealed([other], sealed, 'channel 1')).toThrow(`key ${sealingKeyId(publicKey)}`);
  expect(() => openSealed([], sealed, 'channel 1')).toThrow(SealedTextError);
});
