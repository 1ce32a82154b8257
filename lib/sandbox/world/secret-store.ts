import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { replaceFileSync } from '@/lib/replace-file';
import { err, ok, type Result } from '@/lib/result';
import type { World } from './world';

/** A key of the API: it belongs to an account itself or to one of its sub-users, and is valid only in the sandbox. */
export type AccessKey = { readonly secretId: string; readonly secretKey: string };

const Key = z.strictObject({ secretId: z.string().min(1).max(128), secretKey: z.string().min(1).max(128) });
const Pem = z.string().startsWith('-----BEGIN ').max(100_000);

/** Returns the secrets file of a state file: `world.json` → `world.keys.json`. */
export function secretsFile(stateFile: string): string {
  return stateFile.replace(/(\.json)?$/, '.keys.json');
}

const Secrets = z.strictObject({
  format: z.literal(1),
  /** By UIN. */
  keys: z.record(z.string(), Key),
  /** The certificate authority of the sandbox's HTTPS listeners, PEM. */
  authority: z.strictObject({ certificate: Pem, key: Pem }).nullable(),
});
type Secrets = z.infer<typeof Secrets>;

export type SecretStoreOptions = {
  /** The file of the secrets; null = they end with the process. */
  readonly file: string | null;
  /** True if keys are derived from UINs instead of random: they are public, because the source is. For tests. */
  readonly isFixed: boolean;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
};

/**
 * Holds the secrets of one sandbox: the keys of its accounts and users, and its certificate authority. They are random,
 * and stored beside the sandbox data in a separate file that only its owner can read. Sandbox data contains none of
 * them, so an export includes none, and an imported account gets keys of this sandbox.
 */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  readonly #keys: Map<string, AccessKey>;
  readonly #owners: Map<string, string>;
  #authority: Secrets['authority'];

  constructor(options: SecretStoreOptions) {
    const kept = options.file === null ? null : readSecrets(options.file, options.log);
    this.#options = options;
    this.#keys = new Map(options.isFixed ? [] : Object.entries(kept?.keys ?? {}));
    this.#owners = new Map([...this.#keys].map(([uin, { secretId }]) => [secretId, uin]));
    this.#authority = kept?.authority ?? null;
  }

  /** Draws a key for each account and user of the sandbox data that has none yet. Removed accounts keep theirs. */
  cover(world: World): void {
    const uins = Object.values(world.accounts).flatMap((account) => [
      account.uin,
      ...Object.values(account.users).map((user) => user.uin),
    ]);
    const without = uins.filter((uin) => !this.#keys.has(uin));
    for (const uin of without) {
      const key = this.#options.isFixed ? fixedKey(uin) : drawKey();
      this.#keys.set(uin, key);
      this.#owners.set(key.secretId, uin);
    }
    if (without.length > 0) this.#keep();
  }

  /** Returns the key of an account or user. @throws Error when it is not in the sandbox data that was covered */
  keyOf(uin: string): AccessKey {
    const key = this.#keys.get(uin);
    if (!key) throw new Error(`Invariant broken: no key for ${uin}`);
    return key;
  }

  /** Returns the id of a key, which is no secret: the cloud's audit trail and CAM show it. '' = this UIN has none. */
  secretIdOf(uin: string): string {
    return this.#keys.get(uin)?.secretId ?? '';
  }

  /** Returns the UIN that a key belongs to. */
  ownerOf(secretId: string): string | undefined {
    return this.#owners.get(secretId);
  }

  get authority(): Secrets['authority'] {
    return this.#authority;
  }

  keepAuthority(authority: { certificate: string; key: string }): void {
    this.#authority = authority;
    this.#keep();
  }

  /**
   * Writes the secrets. A full disk must not end the sandbox: the secrets then last as long as the process, with a
   * warning in the log.
   */
  #keep(): void {
    const { file, isFixed, log } = this.#options;
    if (file === null) return;
    const keys = isFixed ? {} : Object.fromEntries(this.#keys);
    const secrets: Secrets = { format: 1, keys, authority: this.#authority };
    try {
      replaceFileSync(file, `${JSON.stringify(secrets)}\n`);
    } catch (error) {
      log.error({ err: error, file }, 'keys not written: the next start draws others');
    }
  }
}

/**
 * Generates a key. Every real id starts with `AKID`; the rest distinguishes it from one. The key has 192 random bits.
 */
function drawKey(): AccessKey {
  return {
    secretId: `AKIDsandbox${randomBytes(12).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
  };
}

function fixedKey(uin: string): AccessKey {
  return { secretId: `AKIDSANDBOXFIXED${uin}`, secretKey: `sandbox-fixed-key-of-${uin}` };
}

/**
 * Reads the secrets file, and makes it readable only by its owner.
 * @returns null if it is missing or unusable: keys are then generated again, with a warning in the log
 */
function readSecrets(file: string, log: SecretStoreOptions['log']): Secrets | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
    chmodSync(file, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const parsed = parseSecrets(text);
  if (parsed.ok) return parsed.value;
  log.warn({ file, problem: parsed.error }, 'the file of keys is damaged: keys are drawn again');
  return null;
}

/** @returns the secrets, or the problem, without any content of the file */
function parseSecrets(text: string): Result<Secrets, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is not JSON');
  }
  const parsed = Secrets.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; '));
}
