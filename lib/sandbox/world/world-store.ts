import type { WorldUser } from './access';
import type { SecretStore } from './secret-store';
import type { AccountWorld, World } from './world';

/** The owner of the key that signed a request: the account itself, or one of its sub-users. */
export type Caller = {
  readonly account: AccountWorld;
  readonly user: WorldUser | null;
  readonly secretKey: string;
};

/** The only holder of the sandbox data: writers report each change to it, and readers subscribe to it. */
export class WorldStore {
  #world: World;
  /** Holds a key for each account and user of the sandbox data. */
  readonly secrets: SecretStore;
  readonly #listeners = new Set<() => void>();

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

  /** Notifies the listeners that the sandbox data has changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** @returns a function that removes the listener. */
  onChange(listener: () => void): () => void {
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

  /** Returns a new number for an id, never used before in this sandbox data. */
  nextId(): number {
    this.#world.nextId += 1;
    return this.#world.nextId;
  }
}
