import { z } from 'zod';
import type { AliasTarget, FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import { sameValue } from '@/lib/estate/same-value';
import { pollPauseMs } from '@/lib/timing/backoff';
import type { CloudError } from '../errors';
import type { Caller } from './call/caller';
import type { Waiting } from './clb/wait-for-task';
import { deployFailure } from './deploy-failure';
import {
  findVersion,
  isNotFound,
  listTriggers,
  listVersions,
  readAlias,
  readFunctionDetail,
} from './scf/api';
import { readProvisioned } from './scf/concurrency-api';
import { settleWrite } from './settle-write';
import { waitActive } from './wait-active';

type Change<Kind extends FunctionChange['kind']> = FunctionChange & { readonly kind: Kind };

/** The parts that every change needs. */
type Managed = {
  readonly caller: Caller;
  readonly id: FunctionId;
  readonly waiting: Waiting;
  readonly beforeSend: () => Promise<void>;
};

const Accepted = z.object({ RequestId: z.string().min(1) }).transform(() => true as const);
const Published = z.object({ FunctionVersion: z.string().min(1) }).transform((wire) => wire.FunctionVersion);

function refuse({ id }: Managed, action: string, code: string, message: string): CloudError {
  return deployFailure(id, { code: `Refused.${code}`, action, message });
}

function named({ name, namespace }: FunctionId) {
  return { FunctionName: name, Namespace: namespace };
}

/**
 * Publishes the code of `$LATEST` as a version: https://cloud.tencent.com/document/api/583/37161. The description
 * carries the id of the change, so that a repeated one finds the version that it has published.
 */
function publish(managed: Managed, { description }: Change<'publish'>, changeId: string): Promise<string> {
  const { caller, id, waiting, beforeSend } = managed;
  const Description = `${description} Spillway change ${changeId.replaceAll('-', '.')}`.trim();
  const find = () => findVersion(caller, id, Description);
  const send = async () => {
    await waitActive(caller, id, '$LATEST', waiting);
    const published = await find();
    if (published !== undefined) return published;
    return caller.write(
      { service: 'scf', action: 'PublishVersion', region: id.region, params: { ...named(id), Description } },
      Published.parse,
      beforeSend,
    );
  };
  return settleWrite(send, find, waiting);
}

/** Reads the versions of an alias now; null = there is no such alias. */
async function findAliasTarget(managed: Managed, alias: string, action: string): Promise<AliasTarget | null> {
  const { caller, id } = managed;
  try {
    const { version, weighted, matched } = await readAlias(caller, id, alias);
    if (matched.length > 0) {
      const message = `the alias ${alias} sends calls with a routing key to version ${matched.join(', ')}: Spillway would lose that rule; change the alias in the SCF console`;
      throw refuse(managed, action, 'AliasRoutesByKey', message);
    }
    const [more] = weighted;
    return {
      version,
      additional:
        more === undefined ? null : { version: more.version, percent: Math.round(more.weight * 100) },
    };
  } catch (cause) {
    if (isNotFound(cause)) return null;
    throw cause;
  }
}

function describeTarget(target: AliasTarget | null): string {
  if (target === null) return 'missing';
  const { version, additional } = target;
  return additional === null ? version : `${version}, ${additional.version} at ${additional.percent} %`;
}

/** Reads an alias and compares it with what was seen when the change was decided. */
async function checkAlias(
  managed: Managed,
  { alias, before }: Change<'setAlias' | 'deleteAlias'>,
  action: string,
): Promise<void> {
  const now = await findAliasTarget(managed, alias, action);
  if (sameValue(now, before)) return;
  const message = `the alias ${alias} was ${describeTarget(before)} and is ${describeTarget(now)} now: someone else has changed it; sync the estate, then decide again`;
  throw refuse(managed, action, 'ObjectChanged', message);
}

/**
 * Creates an alias, or moves it and its shares: https://cloud.tencent.com/document/api/583/44164,
 * https://cloud.tencent.com/document/api/583/44161.
 */
async function setAlias(managed: Managed, change: Change<'setAlias'>): Promise<void> {
  const { caller, id, waiting, beforeSend } = managed;
  const { alias, before, after } = change;
  const action = before === null ? 'CreateAlias' : 'UpdateAlias';
  const { version, additional } = after;
  const isThere = async () =>
    sameValue(await findAliasTarget(managed, alias, action), after) ? (true as const) : undefined;
  const send = async () => {
    if (await isThere()) return true;
    await checkAlias(managed, change, action);
    const weights =
      additional === null ? [] : [{ Version: additional.version, Weight: additional.percent / 100 }];
    return caller.write(
      {
        service: 'scf',
        action: before === null ? 'CreateAlias' : 'UpdateAlias',
        region: id.region,
        params: {
          ...named(id),
          Name: alias,
          FunctionVersion: version,
          RoutingConfig: { AdditionalVersionWeights: weights, AddtionVersionMatchs: [] },
        },
      },
      Accepted.parse,
      beforeSend,
    );
  };
  await settleWrite(send, isThere, waiting);
}

/**
 * Refuses to delete a function or version that a load balancer or another trigger calls. @param qualifiers null = all
 */
async function checkUncalled(
  managed: Managed,
  qualifiers: readonly string[] | null,
  action: string,
): Promise<void> {
  const { caller, id } = managed;
  const triggers = await listTriggers(caller, id);
  const calling = triggers.filter(({ kind, qualifier }) =>
    qualifiers === null ? kind === 'clb' : qualifier === null || qualifiers.includes(qualifier),
  );
  if (calling.length === 0) return;
  const what = calling.map(
    ({ kind, name, qualifier }) => `${kind} ${name} to ${qualifier ?? 'an unknown version'}`,
  );
  const message = `${id.namespace}/${id.name} is called by ${what.join(', ')}; unbind that first`;
  throw refuse(managed, action, 'FunctionInUse', message);
}

/** Deletes an alias that nothing calls: https://cloud.tencent.com/document/api/583/44048. */
async function deleteAlias(managed: Managed, change: Change<'deleteAlias'>): Promise<void> {
  const { caller, id, waiting, beforeSend } = managed;
  const { alias } = change;
  const isGone = async () =>
    (await findAliasTarget(managed, alias, 'DeleteAlias')) === null ? (true as const) : undefined;
  const send = async () => {
    if (await isGone()) return true;
    await checkAlias(managed, change, 'DeleteAlias');
    await checkUncalled(managed, [alias], 'DeleteAlias');
    return caller.write(
      { service: 'scf', action: 'DeleteAlias', region: id.region, params: { ...named(id), Name: alias } },
      Accepted.parse,
      beforeSend,
    );
  };
  await settleWrite(send, isGone, waiting);
}

/** The longest wait for instances to start: the change is done anyway, and the next sync shows how many are ready. */
const readyBoundMs = 60_000;
const pauses = { firstMs: 200, capMs: 2000 };

/**
 * Sets the number of instances of a version that are kept ready: https://cloud.tencent.com/document/api/583/51246,
 * https://cloud.tencent.com/document/api/583/51249.
 */
async function setProvisioned(managed: Managed, change: Change<'setProvisioned'>): Promise<void> {
  const { caller, id, waiting, beforeSend } = managed;
  const { version, before, after } = change;
  const find = async () =>
    (await readProvisioned(caller, id)).find(({ qualifier }) => qualifier === version) ?? null;
  const isThere = async () => ((await find())?.allocated ?? 0) === after || undefined;
  const action = after === 0 ? 'DeleteProvisionedConcurrencyConfig' : 'PutProvisionedConcurrencyConfig';
  const send = async () => {
    const now = (await find())?.allocated ?? 0;
    if (now === after) return true;
    if (now !== before) {
      const message = `version ${version} had ${before} warm instances and has ${now} now: someone else has changed it; sync the estate, then decide again`;
      throw refuse(managed, action, 'ObjectChanged', message);
    }
    return caller.write(
      {
        service: 'scf',
        action: after === 0 ? 'DeleteProvisionedConcurrencyConfig' : 'PutProvisionedConcurrencyConfig',
        region: id.region,
        params: {
          ...named(id),
          Qualifier: version,
          ...(after === 0 ? {} : { VersionProvisionedConcurrencyNum: after }),
        },
      },
      Accepted.parse,
      beforeSend,
    );
  };
  await settleWrite(send, isThere, waiting);
  const deadline = waiting.now().getTime() + readyBoundMs;
  for (let polls = 1; waiting.now().getTime() < deadline; polls += 1) {
    const status = (await find())?.status ?? 'Done';
    if (status !== 'InProgress') return;
    await waiting.sleep(pollPauseMs(polls, pauses, waiting.random));
  }
}

/** Deletes a version that no alias and no trigger names: https://cloud.tencent.com/document/api/583/18585. */
async function deleteVersion(managed: Managed, { version }: Change<'deleteVersion'>): Promise<void> {
  const { caller, id, waiting, beforeSend } = managed;
  const isGone = async () => {
    const versions = await listVersions(caller, id);
    return versions.some((each) => each.version === version) ? undefined : (true as const);
  };
  const send = async () => {
    if (await isGone()) return true;
    await checkUncalled(managed, [version], 'DeleteFunction');
    return caller.write(
      {
        service: 'scf',
        action: 'DeleteFunction',
        region: id.region,
        params: { ...named(id), Qualifier: version },
      },
      Accepted.parse,
      beforeSend,
    );
  };
  await settleWrite(send, isGone, waiting);
}

/**
 * Deletes a function that no load balancer calls, with its versions, aliases and other triggers:
 * https://cloud.tencent.com/document/api/583/18585.
 */
async function deleteFunction(managed: Managed): Promise<void> {
  const { caller, id, waiting, beforeSend } = managed;
  const isGone = async () => ((await readFunctionDetail(caller, id)) === null ? (true as const) : undefined);
  const send = async () => {
    if (await isGone()) return true;
    await checkUncalled(managed, null, 'DeleteFunction');
    return caller.write(
      { service: 'scf', action: 'DeleteFunction', region: id.region, params: named(id) },
      Accepted.parse,
      beforeSend,
    );
  };
  await settleWrite(send, isGone, waiting);
}

/**
 * Carries out a change of a function. Each reads what it changes first, is repeated after transient failures, and finds
 * its effect if it was interrupted.
 * @throws CloudError `Refused.ObjectChanged`, `Refused.FunctionInUse`, `Refused.AliasRoutesByKey`, or the cloud's
 */
export async function changeFunction(
  caller: Caller,
  id: FunctionId,
  change: FunctionChange,
  changeId: string,
  beforeSend: () => Promise<void>,
  waiting: Waiting,
): Promise<{ readonly version: string | null }> {
  const managed: Managed = { caller, id, waiting, beforeSend };
  switch (change.kind) {
    case 'publish':
      return { version: await publish(managed, change, changeId) };
    case 'setAlias':
      await setAlias(managed, change);
      break;
    case 'deleteAlias':
      await deleteAlias(managed, change);
      break;
    case 'setProvisioned':
      await setProvisioned(managed, change);
      break;
    case 'deleteVersion':
      await deleteVersion(managed, change);
      break;
    case 'delete':
      await deleteFunction(managed);
  }
  return { version: null };
}
