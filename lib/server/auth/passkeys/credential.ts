import { z } from 'zod';

/* The responses of authenticators as browsers send them: https://www.w3.org/TR/webauthn-3/#sctn-public-key-easy */

/** Drops unknown fields at any depth instead of refusing them: browsers add more with each level of the standard. */
const fromBrowser = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => value, schema);

const bytes = (max: number) =>
  z.base64url('passkey.invalid').min(1, 'passkey.invalid').max(max, 'passkey.invalid');
/** An id has up to 1,023 bytes (WebAuthn Level 3, 4). */
const Id = bytes(1364);

/** The extensions are not used; the library's type wants them. */
const common = {
  id: Id,
  rawId: Id,
  type: z.literal('public-key', 'passkey.invalid'),
  clientExtensionResults: z.object({}).default({}),
};

/** The response of an authenticator that has made a passkey. */
export const CreatedCredential = fromBrowser(
  z.object({
    ...common,
    response: z.object({
      clientDataJSON: bytes(4000),
      attestationObject: bytes(8000),
      transports: z.array(z.string().max(30)).max(10).default([]),
    }),
  }),
);
export type CreatedCredential = z.infer<typeof CreatedCredential>;

/** The response of an authenticator that has signed a challenge. */
export const SignedChallenge = fromBrowser(
  z.object({
    ...common,
    response: z.object({
      clientDataJSON: bytes(4000),
      authenticatorData: bytes(4000),
      signature: bytes(4000),
      /** The id of the person, which the authenticator keeps with a discoverable passkey. */
      userHandle: bytes(200).nullish(),
    }),
  }),
);
export type SignedChallenge = z.infer<typeof SignedChallenge>;
