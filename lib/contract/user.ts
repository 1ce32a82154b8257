import type { Grants, Limits } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import type { Answer } from './answer';

/** A person who may sign in. */
export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly grants: Grants;
  /** True for the person who asks. */
  readonly isSelf: boolean;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** The last use of any of their sessions; null = none is left. */
  readonly usedAt: string | null;
};

export type UsersView = {
  /** True if everyone who signs in here needs a second factor. */
  readonly isSecondFactorRequired: boolean;
  readonly users: readonly UserView[];
  /** Unused set-up links; `email` null = for any address. */
  readonly links: readonly {
    readonly id: string;
    readonly email: string | null;
    readonly grants: Grants;
    readonly expiresAt: string;
  }[];
};

/** A token of a program, without its value. */
export type TokenView = {
  readonly id: number;
  readonly name: string;
  /** The e-mail address of the person for whom it acts; `local` without sign-in. */
  readonly owner: string;
  readonly role: Role;
  /** In addition to those of its owner; null = none. */
  readonly limits: Limits | null;
  /** The beginning of its value. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly isExpired: boolean;
  readonly lastUsedAt: string | null;
};

/** Creates a link with which another person creates their account. `token` is part of it, and is shown once. */
export type InviteUserAction = (input: {
  email: string;
  grants: Grants;
  /** True = a new account may have the address of a removed one. */
  reuse?: boolean;
}) => Answer<{ token: string }>;

export type SetUserGrantsAction = (input: { id: string; grants: Grants }) => Answer<null>;

export type RemoveUserAction = (id: string) => Answer<null>;

export type ResetSecondFactorAction = (userId: string) => Answer<null>;

/** Sets whether everyone who signs in here needs a second factor. */
export type SetSignInPolicyAction = (input: { isSecondFactorRequired: boolean }) => Answer<null>;

/** Ends all sessions of a person. */
export type EndSessionsAction = (userId: string) => Answer<null>;

/** Creates a token with which a program acts for the person who asks. Only this answer has it. `days`: until it expires. */
export type CreateTokenAction = (input: {
  name: string;
  role: Role;
  limits?: Limits | null;
  days: number;
}) => Answer<{ id: number; token: string; expiresAt: string }>;

export type RevokeTokenAction = (input: { id: number }) => Answer<null>;
