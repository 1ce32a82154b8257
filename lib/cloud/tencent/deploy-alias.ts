import { z } from 'zod';
import type { FunctionSpec } from '../port';
import type { Caller } from './call/caller';
import type { Waiting } from './clb/wait-for-task';
import { deployFailure } from './deploy-failure';
import { listAliases, listTriggers } from './scf/api';
import { settleWrite } from './settle-write';

/**
 * Rejects an alias that something is bound to: moving it would shift traffic at once, which is the job of a plan, not
 * of a deployment. Triggers without a documented target may use it, too.
 * @throws CloudError `Refused.AliasInUse`
 */
export async function checkAliasFree(caller: Caller, spec: FunctionSpec, alias: string): Promise<void> {
  const triggers = await listTriggers(caller, spec);
  const live = triggers.filter(({ qualifier }) => qualifier === null || qualifier === alias);
  if (live.length === 0) return;
  throw deployFailure(spec, {
    code: 'Refused.AliasInUse',
    action: 'UpdateAlias',
    message: `the alias ${alias} of ${spec.namespace}/${spec.name} serves traffic (${[...new Set(live.map(({ kind }) => kind))].join(', ')}): leading it to new code would change the answers at once, without a plan; give another alias, or none`,
  });
}

const Accepted = z.object({ RequestId: z.string().min(1) }).transform(() => true as const);

/** No other version takes a share. Sent explicitly, because the effect of leaving it out is not documented. */
const noRouting = { AdditionalVersionWeights: [], AddtionVersionMatchs: [] };

/**
 * Points an alias entirely at a version: creates the alias, or moves the one that has this name.
 * https://cloud.tencent.com/document/api/583/44164, https://cloud.tencent.com/document/api/583/44161
 */
export async function leadAlias(
  caller: Caller,
  spec: FunctionSpec,
  { alias, version }: { readonly alias: string; readonly version: string },
  waiting: Waiting,
): Promise<void> {
  const find = async () => (await listAliases(caller, spec)).find(({ name }) => name === alias);
  const isThere = async () => {
    const found = await find();
    return (found?.version === version && found.additional === null) || undefined;
  };
  const send = async () => {
    const isNew = (await find()) === undefined;
    if (!isNew) await checkAliasFree(caller, spec, alias);
    return caller.write(
      {
        service: 'scf',
        action: isNew ? 'CreateAlias' : 'UpdateAlias',
        region: spec.region,
        params: {
          FunctionName: spec.name,
          Namespace: spec.namespace,
          Name: alias,
          FunctionVersion: version,
          ...(isNew ? {} : { RoutingConfig: noRouting }),
        },
      },
      Accepted.parse,
    );
  };
  if (!(await isThere())) await settleWrite(send, isThere, waiting);
}
