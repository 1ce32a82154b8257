import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/* The data that an authenticator makes and signs: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const SYNCABLE = 0x08;
const CREDENTIAL_INCLUDED = 0x40;

/** Browsers add these, and more with each level of the standard. */
const fromBrowser = {
  authenticatorAttachment: 'platform',
  clientExtensionResults: { credProps: { rk: true } },
} as const;

/** Ways in which a response differs from that of an honest browser and authenticator. */
export type Deviation = {
  /** The origin that the browser reports. */
  readonly origin?: string;
  /** The host that the authenticator signs for. */
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
  readonly challenge?: string;
  readonly userHandle?: string | null;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** The key that signs in place of the passkey's own. */
  readonly key?: KeyObject;
};

/** An authenticator with one passkey (ECDSA on P-256), and the browser that it is connected to. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(32).toString('base64url');
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  counter = 0;
  userHandle = '';

  /** @param counts false for a synced passkey, whose counter stays 0 */
  constructor(
    readonly origin: string,
    readonly counts = true,
  ) {}

  /** Makes the passkey. */
  create(
    options: PublicKeyCredentialCreationOptionsJSON,
    deviation: Deviation = {},
  ): RegistrationResponseJSON {
    this.userHandle = options.user.id;
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const coseKey = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]);
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(coseKey)]);
    const data = Buffer.concat([
      this.#authenticatorData(options.rp.id ?? '', CREDENTIAL_INCLUDED, deviation),
      credential,
    ]);
    const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(data)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      ...fromBrowser,
      response: {
        publicKeyAlgorithm: -7,
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, deviation).toString(
          'base64url',
        ),
        attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** Signs a challenge. */
  sign(
    options: PublicKeyCredentialRequestOptionsJSON,
    deviation: Deviation = {},
  ): AuthenticationResponseJSON {
    if (this.counts) this.counter += 1;
    const data = this.#authenticatorData(options.rpId ?? '', 0, deviation);
    const clientData = this.#clientData('webauthn.get', options.challenge, deviation);
    const key = deviation.key ?? this.keys.privateKey;
    const { userHandle = this.userHandle } = deviation;
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      ...fromBrowser,
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(clientData)]), key).toString('base64url'),
        ...(userHandle === null ? {} : { userHandle }),
      },
    };
  }

  #authenticatorData(rpId: string, flags: number, deviation: Deviation): Buffer {
    const verified = (deviation.isVerified ?? true) ? USER_VERIFIED : 0;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(deviation.counter ?? this.counter);
    const all = flags | USER_PRESENT | verified | (this.counts ? 0 : SYNCABLE);
    return Buffer.concat([sha256(deviation.rpId ?? rpId), Buffer.from([all]), counter]);
  }

  #clientData(type: string, challenge: string, deviation: Deviation): Buffer {
    const { origin = this.origin, crossOrigin = false } = deviation;
    const client = {
      type: deviation.type ?? type,
      challenge: deviation.challenge ?? challenge,
      origin,
      crossOrigin,
    };
    return Buffer.from(JSON.stringify(client));
  }
}
