import type { WorldRole, WorldUser } from './access';
import type { SecretStore } from './secret-store';
import { issueTemporaryKey, openTemporaryKey, readTokenOwner, type TemporaryKey } from './temporary-keys';
import type { AccountWorld, World } from './world';

/** The owner of the key that signed a request: the account itself, or one of its sub-users. */
export type Caller = {
  readonly account: AccountWorld;
  readonly user: WorldUser | null;
  /** The assumed role, whose policies `user` has; absent = it is a key of its own. */
  readonly role?: { readonly id: string; readonly session: string };
  readonly secretKey: string;
};

/** The only holder of the sandbox data: writers report each change to it, and readers subscribe to it. */
export class WorldStore {
  #world: World;
  /** Holds a key for each account and user of the sandbox data. */
  readonly secrets: SecretStore;
  readonly #listeners = new Set<(service?: string) => void>();

  constructor(world: World, secrets: SecretStore) {
    secrets.cover(world);
    this.#world = world;
    this.secrets = secrets;
  }

  get world(): World {
    return this.#world;
  }

  /** Replaces the sandbox data. */
  replace(world: World): void {
    this.secrets.cover(world);
    this.#world = world;
    this.changed();
  }

  /**
   * Notifies the listeners that the sandbox data has changed.
   * @param service the service of the API whose objects have changed, such as `dnspod`; absent = any may have
   */
  changed(service?: string): void {
    for (const listener of this.#listeners) listener(service);
  }

  /** @returns a function that removes the listener. */
  onChange(listener: (service?: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Returns the owner of the key with this id; undefined = no account of the sandbox data. */
  callerOfSecret(secretId: string): Caller | undefined {
    const uin = this.secrets.ownerOf(secretId);
    if (uin === undefined) return undefined;
    const { secretKey } = this.secrets.keyOf(uin);
    for (const account of Object.values(this.#world.accounts)) {
      if (account.uin === uin) return { account, user: null, secretKey };
      const user = Object.values(account.users).find((each) => each.uin === uin);
      if (user) return { account, user, secretKey };
    }
    return undefined;
  }

  /**
   * Issues the keys of a role of an account. Like signatures, they end by the machine's time, whatever the sandbox's clock says.
   */
  issueKey(account: AccountWorld, { name }: WorldRole, session: string, lifeS: number): TemporaryKey {
    const endsAt = (Math.floor(Date.now() / 1000) + lifeS) * 1000;
    return issueTemporaryKey(this.secrets.keyOf(account.uin), {
      uin: account.uin,
      role: name,
      session,
      endsAt,
    });
  }

  /** Returns the role that temporary keys belong to; undefined = the token is invalid or has expired. */
  callerOfToken(secretId: string, token: string, now: number): Caller | undefined {
    const uin = readTokenOwner(token);
    const account = uin === null ? undefined : this.#world.accounts[uin];
    if (account === undefined) return undefined;
    const found = openTemporaryKey(this.secrets.keyOf(account.uin), { secretId, token }, now);
    const role = found === null ? undefined : account.roles?.[found.role];
    if (found === null || role === undefined) return undefined;
    // The policies of a role are judged like those of a user.
    const { id, policyIds } = role;
    const user = { name: `${role.name}/${found.session}`, uin: id, policyIds, createdAt: 0 };
    return { account, user, role: { id, session: found.session }, secretKey: found.secretKey };
  }

  /** Returns a new number for an id, never used before in this sandbox data. */
  nextId(): number {
    this.#world.nextId += 1;
    return this.#world.nextId;
  }
}
