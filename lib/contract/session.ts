import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { RightsWithin } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import type { Answer } from './answer';

/** The person who uses this page. `off`: any user of this machine; `missing`: the browser has no session. */
export type SessionView =
  | { readonly signIn: 'off' | 'missing' | 'secondFactor' }
  | {
      readonly signIn: 'done';
      readonly name: string;
      readonly role: Role;
      readonly rights: readonly RightsWithin[];
      readonly people: readonly PersonView[];
    };

/** An account by which an address is shown with a name. */
export type PersonView = {
  readonly email: string;
  readonly name: string;
  /** Null = the account exists. Another one may have the address of a removed account. */
  readonly removedAt: string | null;
};

/** The ways in which a person proves who they are. */
export type SecurityView = {
  /** The name of the provider at which they sign in, and nowhere else; null = they sign in here. */
  readonly provider: string | null;
  /** Null = they have none. */
  readonly secondFactor: { readonly since: string; readonly codesLeft: number } | null;
  readonly passkeys: readonly PasskeyView[];
  /** The address at which browsers may use passkeys, as an origin. */
  readonly passkeyOrigin: string;
};

/** A passkey of the person who asks. */
export type PasskeyView = {
  readonly id: string;
  readonly name: string;
  /** True if a password manager may copy it to other devices. */
  readonly isSynced: boolean;
  /** The host that it signs in at, if that isn't the dashboard's any more; else null. */
  readonly otherHost: string | null;
  readonly since: string;
  /** Null = it has not signed in yet. */
  readonly usedAt: string | null;
};

/** The ways in which someone may sign in besides a password. */
export type SignInWaysView = {
  /** The address at which passkeys sign in, as an origin; null = no one has one. */
  readonly passkeyOrigin: string | null;
  /** The provider of single sign-on; null if none is set up. `isOnly`: only administrators use a password. */
  readonly sso: { readonly name: string; readonly isOnly: boolean } | null;
};

/** A browser in which a person is signed in. */
export type UserSessionView = {
  readonly id: string;
  /** The session of the browser that asks. */
  readonly isCurrent: boolean;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly since: string;
  readonly usedAt: string;
};

/** The Set-Cookie headers that start or end a session: they go to the browser in a response alone. */
export type SessionCookies = { readonly cookies: readonly string[] };

/** The options with which a browser lets a passkey sign: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson */
export type PasskeyChallenge = { readonly options: PublicKeyCredentialRequestOptionsJSON };

/** The options with which a browser makes a passkey: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson */
export type BeginPasskeyAction = (
  input: Record<string, never>,
) => Answer<{ options: PublicKeyCredentialCreationOptionsJSON }>;

export type AddPasskeyAction = (input: {
  name: string;
  credential: RegistrationResponseJSON;
}) => Answer<null>;

export type RemovePasskeyAction = (input: { id: string }) => Answer<null>;

export type RenamePasskeyAction = (input: { id: string; name: string }) => Answer<null>;

/** `key`: the secret in base32; `address`: the same as an address that apps read from a QR code. Both are shown once. */
export type BeginSecondFactorAction = (
  input: Record<string, never>,
) => Answer<{ key: string; address: string }>;

/** The recovery codes are shown once. */
export type ConfirmSecondFactorAction = (input: { code: string }) => Answer<{ codes: readonly string[] }>;

export type RenewRecoveryCodesAction = (input: Record<string, never>) => Answer<{ codes: readonly string[] }>;

export type RemoveSecondFactorAction = (input: Record<string, never>) => Answer<null>;

/** Ends one session of the person who asks. */
export type RevokeSessionAction = (input: { id: string }) => Answer<null>;

export type RevokeOtherSessionsAction = (input: Record<string, never>) => Answer<null>;
