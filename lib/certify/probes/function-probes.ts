import { z } from 'zod';
import { type AccountAnswer, must } from '../model/account';
import { type CertifyProbe, type Seen, seen, unknown, type WriteContext } from '../model/probe';

const none = (why: string): CertifyProbe => ({ mode: 'none', why });

/** Publishes a version and waits until it can be used. */
async function publish({ account, workspace }: WriteContext, functionName: string): Promise<string> {
  const { FunctionVersion: version } = await must(
    account,
    'scf',
    'PublishVersion',
    { FunctionName: functionName, Namespace: 'default' },
    z.object({ FunctionVersion: z.string() }),
  );
  await workspace.untilActive(functionName, version);
  return version;
}

/**
 * Sends a provisioned concurrency configuration with scheduled tasks that each provision nothing, and removes it again.
 */
async function tryTasks(context: WriteContext, crons: readonly string[]): Promise<AccountAnswer> {
  const { account, workspace } = context;
  const functionName = await workspace.function('echo');
  const version = await workspace.once('version', () => publish(context, functionName));
  const place = { FunctionName: functionName, Namespace: 'default', Qualifier: version };
  const answer = await account.call('scf', 'PutProvisionedConcurrencyConfig', {
    ...place,
    VersionProvisionedConcurrencyNum: 0,
    TriggerActions: crons.map((cron, index) => ({
      TriggerName: `certify-${index}`,
      TriggerProvisionedConcurrencyNum: 0,
      TriggerCronConfig: cron,
      ProvisionedType: 'Default',
    })),
  });
  if (answer.ok) await account.call('scf', 'DeleteProvisionedConcurrencyConfig', place);
  return answer;
}

/** Once a year each, on different days of January: https://cloud.tencent.com/document/product/583/9708 */
const yearly = (count: number) => Array.from({ length: count }, (_, index) => `0 0 3 ${index + 1} 1 * *`);
const tasksLookedFor = 11;

async function tasksMax(context: WriteContext): Promise<Seen> {
  for (let count = tasksLookedFor; count > 0; count -= 1) {
    const answer = await tryTasks(context, yearly(count));
    if (answer.ok) {
      if (count === tasksLookedFor)
        return unknown(`${count} scheduled tasks were accepted; more were not tried`);
      return seen(
        count,
        `${count} scheduled tasks were accepted, ${count + 1} refused (request ${answer.requestId})`,
      );
    }
    if (!answer.code.startsWith('LimitExceeded')) {
      return unknown(
        `${count} scheduled tasks were refused for another reason: ${answer.code}: ${answer.message}`,
      );
    }
  }
  return unknown('no scheduled task was accepted');
}

/** Intervals that a cron expression can express, in seconds, each with its expression. */
const intervals: readonly (readonly [number, string])[] = [
  [10, '*/10 * * * * * *'],
  [30, '*/30 * * * * * *'],
  [60, '0 */1 * * * * *'],
  [120, '0 */2 * * * * *'],
  [300, '0 */5 * * * * *'],
  [600, '0 */10 * * * * *'],
];

async function shortestInterval(context: WriteContext): Promise<Seen> {
  for (const [seconds, cron] of intervals) {
    const answer = await tryTasks(context, [cron]);
    if (answer.ok)
      return seen(seconds, `every ${seconds} s is the shortest of those tried that was accepted`);
  }
  return unknown('no interval up to 10 minutes was accepted');
}

/** Stops a function by reserving 0 concurrency, calls it, and removes the reservation. */
async function throttled({ account, workspace }: WriteContext): Promise<Seen> {
  const functionName = await workspace.function('many');
  const place = { FunctionName: functionName, Namespace: 'default' };
  await must(
    account,
    'scf',
    'PutReservedConcurrencyConfig',
    { ...place, ReservedConcurrencyMem: 0 },
    z.object({}),
  );
  const answer = await account.callOnce('scf', 'Invoke', place);
  await account.call('scf', 'DeleteReservedConcurrencyConfig', place);
  if (!answer.ok)
    return seen(answer.code, `Invoke without concurrency: ${answer.code} (request ${answer.requestId})`);
  const { Result: result } = z.object({ Result: z.object({ InvokeResult: z.number() }) }).parse(answer.body);
  return result.InvokeResult === 0
    ? unknown('a function with a reservation of 0 ran')
    : seen('result', `Invoke without concurrency gave a Result (request ${answer.requestId})`);
}

async function omittedRouting(context: WriteContext): Promise<Seen> {
  const { account, workspace } = context;
  const functionName = await workspace.function('many');
  const first = await publish(context, functionName);
  const further = await publish(context, functionName);
  if (first === further) return unknown('publishing the same code again gave no further version');
  const alias = { FunctionName: functionName, Namespace: 'default', Name: 'certify', FunctionVersion: first };
  const routing = { AdditionalVersionWeights: [{ Version: further, Weight: 0.1 }] };
  await must(account, 'scf', 'CreateAlias', { ...alias, RoutingConfig: routing }, z.object({}));
  await must(account, 'scf', 'UpdateAlias', alias, z.object({}));
  const { RoutingConfig: left, requestId } = await must(
    account,
    'scf',
    'GetAlias',
    { FunctionName: functionName, Namespace: 'default', Name: 'certify' },
    z.object({
      RoutingConfig: z.object({ AdditionalVersionWeights: z.array(z.unknown()).nullish() }).nullish(),
    }),
  );
  const count = left?.AdditionalVersionWeights?.length ?? 0;
  return seen(
    count > 0 ? 'keep' : 'clear',
    `GetAlias shows ${count} further versions afterwards (request ${requestId})`,
  );
}

/** Probes of functions. */
export const functionProbes = {
  'function.coldStartMs': none(
    'depends on the code; Spillway measures it for each function by test invocations',
  ),
  'function.idleS': none('takes up to an hour of waiting'),
  'invoke.throttled': { mode: 'write', run: throttled },
  'alias.omittedRouting': { mode: 'write', run: omittedRouting },
  'provisioned.rest': none('needs nearly the whole quota of the region provisioned'),
  'provisioned.tasksMax': { mode: 'write', run: tasksMax },
  'provisioned.intervalS': { mode: 'write', run: shortestInterval },
} as const satisfies Record<string, CertifyProbe>;
