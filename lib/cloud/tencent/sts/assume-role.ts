import { z } from 'zod';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { CloudDeps } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';
import type { CloudKey, CloudKeys } from '@/lib/cloud/keys';
import { createCaller } from '../call/caller';

/** A role that keys assume: https://www.tencentcloud.com/document/product/1150/49452 */
export type AssumedRole = {
  /** `qcs::cam::uin/…:roleName/…` */
  readonly arn: string;
  /** The name under which the cloud's audit trail shows what it does. */
  readonly session: string;
  /** Required by some roles; null = none. */
  readonly externalId: string | null;
  /** The requested life of its keys, in seconds. */
  readonly durationS: number;
};

/** Keys of a role, and when they end, in epoch ms. */
type RoleKey = { readonly key: CloudKey; readonly issuedAt: number; readonly endsAt: number };

const Answer = z.object({
  Credentials: z.object({
    Token: z.string().min(1),
    TmpSecretId: z.string().min(1),
    TmpSecretKey: z.string().min(1),
  }),
  /** Seconds since the epoch. */
  ExpiredTime: z.number(),
});

/** Keys are renewed after this part of their life, and a random part of the next tenth, so that workers don't do it at once. */
const renewAfter = 0.8;
const jitter = 0.1;
/** A key that ends sooner is not used: the request may take its time to arrive. */
const marginMs = 5000;
/** The pause after a failed renewal, while the keys are still valid. */
const retryMs = 10_000;

/**
 * Creates the keys of a role. The first call assumes it; later ones get the same keys, which are renewed in the background
 * before they end. A failed renewal is tried again while the keys are valid, and by each call after that.
 * @param base the keys that assume the role
 * @param onKey gets each key before it is used: no log may show it
 */
export function roleKeys(
  connection: CloudConnection,
  base: CloudKeys,
  role: AssumedRole,
  deps: Omit<CloudDeps, 'keys'>,
  onKey: (key: CloudKey) => void,
): CloudKeys {
  const caller = createCaller(connection, { ...deps, keys: base });
  const random = deps.random ?? Math.random;
  const nowMs = () => deps.now().getTime();
  let current: RoleKey | null = null;
  let renewAt = 0;
  let renewal: Promise<RoleKey> | null = null;

  async function assume(): Promise<RoleKey> {
    const issuedAt = nowMs();
    const answer = await caller.read(
      {
        service: 'sts',
        action: 'AssumeRole',
        region: connection.regions[0] ?? 'ap-guangzhou',
        params: {
          RoleArn: role.arn,
          RoleSessionName: role.session,
          DurationSeconds: role.durationS,
          ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
        },
      },
      (wire) => Answer.parse(wire),
    );
    const { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey } = answer.Credentials;
    const key = { secretId, secretKey, token };
    onKey(key);
    return { key, issuedAt, endsAt: answer.ExpiredTime * 1000 };
  }

  /** Renews the keys once for all callers that wait. */
  function renew(): Promise<RoleKey> {
    renewal ??= assume()
      .then((next) => {
        current = next;
        const lifeMs = next.endsAt - next.issuedAt;
        renewAt = next.issuedAt + lifeMs * (renewAfter + jitter * random());
        return next;
      })
      .catch((error: unknown) => {
        renewAt = nowMs() + retryMs;
        throw error;
      })
      .finally(() => {
        renewal = null;
      });
    return renewal;
  }

  return {
    async get() {
      const isValid = current !== null && current.endsAt - marginMs > nowMs();
      if (current === null || !isValid) return (await renew()).key;
      if (nowMs() >= renewAt)
        renew().catch((error: unknown) => {
          const data = error instanceof CloudError ? error.data : {};
          deps.log.warn({ ...data, role: role.arn }, 'the keys of a role could not be renewed');
        });
      return current.key;
    },
    countedAs: base.countedAs,
    secrets: () => [...base.secrets(), ...(current === null ? [] : Object.values(current.key))],
    writes: () => 'same',
  };
}
