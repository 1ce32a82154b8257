import type { CloudErrorData } from '@/lib/cloud/errors';
import type { SyncProgress } from '@/lib/cloud/port';
import type { ConnectionAccess } from '@/lib/estate/access/connection-access';
import type { Result } from '@/lib/result';
import type { ActionError } from './answer';

/** The key that signs the writes of a connection: none, so that it is read-only, the one that signs reads, or its own. */
export type WriteKey = 'none' | 'same' | 'own';

/** A connection in Settings: never its keys. */
export type ConnectionSettingsView = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sandbox' | 'tencent';
  /** null until the cloud has confirmed it. */
  readonly uin: string | null;
  /** True if a worker can use it. */
  readonly isConnected: boolean;
  /** The reason why workers can't use its keys, or not the newest ones; null = none. */
  readonly problem: string | null;
  /** null = it comes from the settings of the worker, and can't be changed here. */
  readonly added: AddedConnectionView | null;
  /** The newest test; null = it was never tested. */
  readonly test: ConnectionTestView | null;
};

export type ConnectionTestView = {
  /** ISO instant. */
  readonly requestedAt: string;
  /** null while it waits for a worker, or runs. */
  readonly finishedAt: string | null;
  readonly result: ConnectionAccess | null;
};

/** A connection as people have entered it. Of a key, only the last characters of its SecretId. */
export type AddedConnectionView = {
  readonly site: 'mainland' | 'international';
  readonly regions: readonly string[];
  readonly writes: WriteKey;
  readonly readKeyEnd: string;
  readonly writeKeyEnd: string | null;
  readonly role: ConnectionRole | null;
  /** True if the newest keys are in use. */
  readonly isVerified: boolean;
  readonly changedBy: string;
  /** ISO instant. */
  readonly changedAt: string;
};

/** `connection.listSettings` */
export type ConnectionSettingsList = {
  readonly connections: readonly ConnectionSettingsView[];
  /** True if a sandbox runs, whose accounts can be added, too. */
  readonly hasSandbox: boolean;
};

/** A role that keys assume. */
export type ConnectionRole = {
  /** `qcs::cam::uin/…:roleName/…` */
  readonly arn: string;
  /** The role of writes; null = the same. */
  readonly writeArn: string | null;
  readonly session: string;
  readonly externalId: string | null;
  /** The life of its keys, in seconds. */
  readonly durationS: number;
};

export type TypedKey = { readonly secretId: string; readonly secretKey: string };

type Answer<T> = Promise<Result<T, ActionError>>;

export type AddConnectionAction = (input: {
  name: string;
  kind: 'sandbox' | 'tencent';
  site: 'mainland' | 'international';
  regions: readonly string[];
  read: TypedKey;
  writes: WriteKey;
  /** null unless `writes` is `own`. */
  write: TypedKey | null;
  role: ConnectionRole | null;
}) => Answer<{ id: string }>;
export type ChangeConnectionAction = (input: {
  id: string;
  name: string;
  regions: readonly string[];
  role: ConnectionRole | null;
}) => Answer<null>;
/** A key that is null stays as it is. */
export type RotateConnectionKeysAction = (input: {
  id: string;
  read: TypedKey | null;
  writes: WriteKey;
  write: TypedKey | null;
}) => Answer<null>;
export type TestConnectionAction = (input: { id: string }) => Answer<null>;
export type RemoveConnectionAction = (input: { id: string }) => Answer<null>;

/** An account to choose. */
export type ConnectionChoice = Pick<ConnectionView, 'id' | 'name'>;

/** The data of a connection that the browser may see: never its keys. */
export type ConnectionView = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sandbox' | 'tencent';
  /** null until the first sync has read it. */
  readonly uin: string | null;
  /** Listener ports below 1024 listen on port + this offset. */
  readonly portOffset: number;
  /**
   * The address at which a sandbox's `VIP:port` is reachable, on a system without an address for each VIP; else absent.
   */
  readonly dial?: Readonly<Record<string, string>>;
  /**
   * The isolation of function code in the sandbox from this machine: none in `weak`, where it runs as the same user; in
   * `user` it can reach every port on loopback, including that of this dashboard. null for a real account.
   */
  readonly isolation: 'jail' | 'user' | 'weak' | null;
};

export type SyncView =
  | { readonly state: 'never' }
  | { readonly state: 'running'; readonly startedAt: string; readonly progress: SyncProgress | null }
  | {
      readonly state: 'done';
      readonly finishedAt: string;
      readonly calls: number;
      readonly durationMs: number;
    }
  | { readonly state: 'failed'; readonly finishedAt: string; readonly error: CloudErrorData };

export type StartSyncAction = (connectionId: string) => Answer<null>;
