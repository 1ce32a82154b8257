import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/*
 * Text that one process can seal and only another can read: an ephemeral X25519 key agreement (RFC 7748), HKDF-SHA256
 * (RFC 5869) and AES-256-GCM. The dashboard has the public key, the worker the private one. A sealed text names its key, so
 * that a worker can have several while everything is sealed for a new one.
 */

/** The DER prefixes of raw X25519 keys: https://www.rfc-editor.org/rfc/rfc8410 */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v2';
/** The parts of a sealed text: version, id of the key, and the rest in base64. */
const form = /^v2\.([0-9a-f]{16})\.([A-Za-z0-9+/=]+)$/;

/** Thrown by `openSealed`: the text was sealed for a key that is missing, or for another context, or was changed. */
export class SealedTextError extends Error {
  override readonly name = 'SealedTextError';
}

const toPrivateKey = (key: string) =>
  createPrivateKey({
    key: Buffer.concat([privatePrefix, Buffer.from(key, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  });
const toPublicKey = (raw: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
const toRaw = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).subarray(-keyBytes);

/** Derives the key of one sealed text; both public keys are part of it. */
function deriveKey(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  const info = 'spillway sealed box v1';
  return new Uint8Array(hkdfSync('sha256', shared, Buffer.concat([ephemeral, recipient]), info, 32));
}

/**
 * Returns the public key of a private one.
 * @param privateKey any 32 bytes, in base64
 */
export function sealingKey(privateKey: string): string {
  return toRaw(createPublicKey(toPrivateKey(privateKey))).toString('base64');
}

/** Returns the id of a key pair, which is no secret: 16 hexadecimal digits of the hash of its public key. */
export function sealingKeyId(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16);
}

/** Returns the id of the key that a text was sealed for; null if it is no sealed text of this version. */
export function sealedFor(sealed: string): string | null {
  return form.exec(sealed)?.[1] ?? null;
}

/**
 * Seals a text for the owner of the private key.
 * @param publicKey 32 bytes, in base64
 * @param context the object that the text belongs to: it can't be opened as that of another
 */
export function seal(publicKey: string, text: string, context: string): string {
  const recipient = Buffer.from(publicKey, 'base64');
  const pair = generateKeyPairSync('x25519');
  const ephemeral = toRaw(pair.publicKey);
  const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: toPublicKey(recipient) });
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(shared, ephemeral, recipient), nonce);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const rest = Buffer.concat([ephemeral, nonce, cipher.getAuthTag(), sealed]).toString('base64');
  return [version, sealingKeyId(publicKey), rest].join('.');
}

/**
 * Opens a sealed text.
 * @param privateKeys those that the process has, in any order
 * @throws SealedTextError if none of them is its key, or if it was sealed for another context, or was changed
 */
export function openSealed(privateKeys: readonly string[], sealed: string, context: string): string {
  const [, id, rest = ''] = form.exec(sealed) ?? [];
  const bytes = Buffer.from(rest, 'base64');
  const nonceEnd = keyBytes + nonceBytes;
  if (id === undefined || bytes.length < nonceEnd + tagBytes)
    throw new SealedTextError('this is no sealed text of this version');
  const privateKey = privateKeys.find((each) => sealingKeyId(sealingKey(each)) === id);
  if (privateKey === undefined)
    throw new SealedTextError(`it was sealed for key ${id}, which is missing here`);
  const own = toPrivateKey(privateKey);
  const ephemeral = bytes.subarray(0, keyBytes);
  try {
    const shared = diffieHellman({ privateKey: own, publicKey: toPublicKey(ephemeral) });
    const key = deriveKey(shared, ephemeral, toRaw(createPublicKey(own)));
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(keyBytes, nonceEnd));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(nonceEnd, nonceEnd + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceEnd + tagBytes)), decipher.final()]).toString();
  } catch (cause) {
    throw new SealedTextError('it was sealed for another object, or was changed', { cause });
  }
}
