import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { isSamePlan } from '@/lib/plan/model/hash';
import type { Plan } from '@/lib/plan/model/model';
import { replan } from '@/lib/plan/replan';
import type { Problem } from '@/lib/run/model/model';
import type { Validator } from '@/lib/run/steps/ports';
import type { RehearsalRules } from './rehearsal-rules';

/** Reads the accounts of a plan, one after the other, and joins them as its snapshot was joined. */
async function readAccounts(
  { connectionId, diversion }: Plan,
  cloudOf: (connectionId: string) => Pick<Cloud, 'readEstate'>,
): Promise<Estate> {
  const own = await cloudOf(connectionId).readEstate(() => {});
  const others: Estate[] = [];
  for (const id of diversion.connections ?? [])
    if (id !== connectionId) others.push(await cloudOf(id).readEstate(() => {}));
  return joinEstates(own, others);
}

/**
 * The re-validation of a waiting plan in a rehearsal: as in a run, the accounts are read again, and planning again must
 * give the same plan until the run has written; the pause, freezes and safety rules are judged on the virtual clock, and
 * blocks of the preflight as they are at its beginning. Rights and approvals stop no rehearsal: they are notes of its report. The accounts are read only if they have changed since the
 * last check.
 * @param version counts the changes of the accounts
 */
export function rehearsalValidator(
  plan: Plan,
  {
    cloudOf,
    version,
    keepAliveS,
    rules,
  }: {
    cloudOf: (connectionId: string) => Pick<Cloud, 'readEstate'>;
    version: () => number;
    keepAliveS: number;
    rules: RehearsalRules;
  },
): Validator {
  let known: { readonly version: number; readonly problems: readonly Problem[] } | null = {
    version: version(),
    problems: [],
  };
  const compare = async (): Promise<readonly Problem[]> => {
    if (known?.version === version()) return known.problems;
    known = null;
    const checked = version();
    try {
      const fresh = replan(plan, await readAccounts(plan, cloudOf), keepAliveS);
      const isSame = fresh.ok && isSamePlan(fresh.value, plan);
      known = { version: checked, problems: isSame ? [] : [{ kind: 'outdated', values: {} }] };
      return known.problems;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return [{ kind: 'stale', values: { minutes: 0 } }];
    }
  };
  return {
    check: async (begun) => [...rules.checkPlan(), ...(begun ? [] : await compare())],
    checkRights: async () => rules.checkStart(),
    checkWrite: async (step) => rules.checkWrite(step),
  };
}
