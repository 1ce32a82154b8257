import type { WorldUser } from '../world/access';
import type { AccountWorld, World } from '../world/world';
import type { SecretStore } from './secret-store';

/** Whose key signed a request: the account's own, or that of one of its sub-users. */
export type Caller = {
  readonly account: AccountWorld;
  readonly user: WorldUser | null;
  readonly secretKey: string;
};

/** The one holder of the world: whoever changed it says so, whoever depends on it listens. */
export class WorldStore {
  #world: World;
  /** Holds a key for each account and user of the world. */
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

  /** Puts another world in place of this one. */
  replace(world: World): void {
    this.secrets.cover(world);
    this.#world = world;
    this.changed();
  }

  /** Tells the listeners that the world has been changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** @returns a function that takes the listener away again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whose key has this id; undefined = nobody's who is in the world. */
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

  /** A new number for an id, never given before in this world. */
  nextId(): number {
    this.#world.nextId += 1;
    return this.#world.nextId;
  }
}
