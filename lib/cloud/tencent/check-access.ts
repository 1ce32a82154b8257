import {
  type AccessFailure,
  type AccessTrial,
  type CallerKind,
  type FeatureAccess,
  judgeFeatures,
  ownPolicies,
} from '@/lib/estate/access/connection-access';
import { type Permissions, unknownPermissions } from '@/lib/estate/account-model';
import { invokeActions, readActions, writeActions } from '@/lib/estate/actions';
import { hasScf } from '@/lib/estate/facts/regions';
import type { CloudConnection } from '../connection';
import type { CloudDeps } from '../deps';
import { CloudError } from '../errors';
import { fixedKeys, writerKeys } from '../keys';
import { createCaller, type Reader } from './call/caller';
import { toCloudTime } from './call/cloud-time';
import { readPermissions } from './cam/api';
import { auditRegion } from './cloudaudit/api';
import { readCaller } from './sts/api';

/** The owner of the keys of a connection, and what they may do. */
export type AccessReport = {
  readonly accountUin: string;
  readonly userUin: string | null;
  readonly features: readonly FeatureAccess[];
};

/**
 * The codes of calls about an object that doesn't exist. They tell nothing about the right to make them: the cloud does not
 * document whether it checks the caller's policies before the object and the values.
 */
const saysNothing = /^(ResourceNotFound|InvalidParameter|InvalidParameterValue)(\.|$)/;

function toFailure(error: unknown): AccessFailure {
  if (!(error instanceof CloudError)) throw error;
  const { code, message, requestId } = error.data;
  return { code, message, requestId };
}

/** Tries a call. @returns null if its answer tells nothing about the right to make it */
async function attempt(action: string, call: () => Promise<unknown>): Promise<AccessTrial | null> {
  try {
    await call();
    return { action, failure: null };
  } catch (error) {
    const failure = toFailure(error);
    return saysNothing.test(failure.code) ? null : { action, failure };
  }
}

const nothing = () => null;

/**
 * Tries one read for each feature that has one. None has an effect. No write is tried: no action that Spillway writes with has
 * a dry run, and for an object that doesn't exist a refusal tells as little as another error, since policies may allow single
 * objects only.
 */
async function tryReads(
  reader: Reader,
  regions: readonly string[],
  now: number,
): Promise<readonly AccessTrial[]> {
  const region = regions[0] ?? 'ap-guangzhou';
  const withFunctions = regions.find(hasScf);
  const seconds = Math.floor(now / 1000);
  const tried = await Promise.all([
    attempt('clb:DescribeLoadBalancers', () =>
      reader.read({ service: 'clb', action: 'DescribeLoadBalancers', region, params: { Limit: 1 } }, nothing),
    ),
    // A region without functions refuses the call, whatever the key may do.
    withFunctions === undefined
      ? null
      : attempt('scf:ListNamespaces', () => {
          const params = { Limit: 1 };
          return reader.read(
            { service: 'scf', action: 'ListNamespaces', region: withFunctions, params },
            nothing,
          );
        }),
    attempt('dnspod:DescribeDomainList', () =>
      reader.read(
        { service: 'dnspod', action: 'DescribeDomainList', region: null, params: { Limit: 1 } },
        nothing,
      ),
    ),
    attempt('cvm:DescribeInstances', () =>
      reader.read({ service: 'cvm', action: 'DescribeInstances', region, params: { Limit: 1 } }, nothing),
    ),
    attempt('vpc:DescribeSecurityGroupPolicies', () => {
      const params = { SecurityGroupId: 'sg-00000000' };
      return reader.read(
        { service: 'vpc', action: 'DescribeSecurityGroupPolicies', region, params },
        nothing,
      );
    }),
    attempt('ssl:DescribeCertificates', () =>
      reader.read(
        { service: 'ssl', action: 'DescribeCertificates', region: null, params: { Limit: 1 } },
        nothing,
      ),
    ),
    attempt('monitor:GetMonitorData', () => {
      const params = {
        Namespace: 'QCE/SCF_V2',
        MetricName: 'ConcurrentExecutions',
        Period: 60,
        StartTime: toCloudTime(now - 60_000),
        EndTime: toCloudTime(now),
        Instances: [{ Dimensions: [{ Name: 'functionName', Value: 'none' }] }],
      };
      return reader.read({ service: 'monitor', action: 'GetMonitorData', region, params }, nothing);
    }),
    attempt('cloudaudit:DescribeEvents', () => {
      const params = { StartTime: seconds - 60, EndTime: seconds, MaxResults: 1, IsReturnLocation: 0 };
      const audit = auditRegion(regions);
      return reader.read({ service: 'cloudaudit', action: 'DescribeEvents', region: audit, params }, nothing);
    }),
  ]);
  return tried.filter((trial) => trial !== null);
}

/** Reads the rights of a key by its policies, as far as it may read them. */
async function findRights(reader: Reader, region: string) {
  const who = await readCaller(reader, region);
  let permissions: Permissions = unknownPermissions;
  const caller: CallerKind = who.userUin === null ? 'role' : 'user';
  const trial = await attempt(ownPolicies[caller], async () => {
    permissions = await readPermissions(reader, who, [...readActions, ...writeActions, ...invokeActions]);
  });
  // A federated user has no policies that can be tried.
  const isTried = who.userUin !== null || who.roleId !== null;
  return { who, caller, permissions, trials: isTried && trial !== null ? [trial] : [] };
}

/**
 * Asks the cloud whom the keys of a connection belong to, tries one read for each feature, and judges all others by the
 * policies of the keys.
 * @throws CloudError if the cloud refuses the keys themselves, or does not answer
 */
export async function checkAccess(connection: CloudConnection, deps: CloudDeps): Promise<AccessReport> {
  const { regions } = connection;
  const keys = deps.keys ?? fixedKeys(connection);
  const readerOf = (own: typeof keys) =>
    createCaller(connection, { ...deps, keys: own }).counting(nothing, 'requested');
  const home = regions[0] ?? 'ap-guangzhou';
  const read = await findRights(readerOf(keys), home);
  const trials = [...(await tryReads(readerOf(keys), regions, deps.now().getTime())), ...read.trials];
  const writes = keys.writes();
  const write =
    writes === 'own' ? (await findRights(readerOf(writerKeys(keys)), home)).permissions : read.permissions;
  const permissions = { read: read.permissions, write: writes === 'none' ? null : write };
  return {
    accountUin: read.who.accountUin,
    userUin: read.who.userUin,
    features: judgeFeatures(permissions, trials, read.caller),
  };
}
