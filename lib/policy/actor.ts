import type { Access } from './access';
import type { Role } from './roles';

/** The caller of a verb or a query. */
export type Actor = {
  /** The e-mail address of a person: for display. */
  readonly name: string;
  /** Identifies the account of the person; null = no account: the user of this machine, or not signed in. */
  readonly accountId: string | null;
  /** The highest role of the person, by which they are known; null = not signed in. */
  readonly role: Role | null;
  /** Their roles, each with its limits. */
  readonly access: Access;
};

/** Returns what is stored of an actor where it decides something: the id of the account, or the name of one without. */
export const getActorKey = ({ accountId, name }: Pick<Actor, 'accountId' | 'name'>): string =>
  accountId ?? name;

/**
 * The objects of a verb or a query: connections with the regions and domains that the input names, or an object whose
 * connections, regions and domains are stored with it.
 */
export type ObjectScope =
  | {
      readonly connections: readonly string[];
      readonly regions?: readonly string[];
      readonly domains?: readonly string[];
      readonly function?: string;
      /** A stored diversion that the input names besides them. */
      readonly diversion?: string;
    }
  | {
      readonly [kind in
        | 'alertChannel'
        | 'approval'
        | 'calendarFeed'
        | 'changeFreeze'
        | 'deployment'
        | 'diversion'
        | 'plan'
        | 'rehearsal'
        | 'run'
        | 'safetyRule'
        | 'switch'
        | 'token'
        | 'user']?: string;
    };

/**
 * The scope of a verb or a query. `all`: no object that the input names; a query over it returns only what its actor may
 * see.
 */
export type Scope = 'all' | ObjectScope;
