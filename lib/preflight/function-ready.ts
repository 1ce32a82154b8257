import { isUnread } from '@/lib/estate/gaps';
import { clbTriggersPerFunctionMax } from '@/lib/estate/limits';
import { findFunction } from '@/lib/estate/look-up';
import { findingsOf, sources } from './finding';
import type { Check, Finding } from './model';

const { pass, block, warn, unknown } = findingsOf('function-ready', sources.scfQuotas);

/** The function exists, is Active, has the chosen version and room for one more CLB trigger. */
export const checkFunctionReady: Check = ({ estate, diversion }) => {
  const choice = diversion.laneB.function;
  const name = `${choice.namespace}/${choice.name}`;
  const found = { field: 'laneB.function', objects: [name] } as const;
  const chosen = findFunction(estate, choice);
  if (chosen === undefined) {
    const values = { function: name, region: choice.region };
    return isUnread(estate, `scf/${choice.region}/${name}`)
      ? [unknown({ ...found, why: 'unread', values })]
      : [block({ ...found, why: 'missing', values })];
  }
  const reasons: Finding[] = [];
  if (chosen.status !== 'Active') {
    reasons.push(block({ ...found, why: 'status', values: { function: name, status: chosen.status } }));
  }
  if (choice.qualifier !== '$LATEST' && !chosen.versions.includes(choice.qualifier)) {
    const values = { function: name, version: choice.qualifier };
    // Versions are numbers; any other name is an alias, and aliases are not read.
    const isVersion = /^\d+$/.test(choice.qualifier);
    reasons.push(
      isVersion ? block({ ...found, why: 'version', values }) : unknown({ ...found, why: 'alias', values }),
    );
  }
  if (chosen.clbTriggerCount >= clbTriggersPerFunctionMax) {
    const values = { function: name, count: chosen.clbTriggerCount, max: clbTriggersPerFunctionMax };
    reasons.push(block({ ...found, why: 'triggers', values }));
  }
  if (choice.qualifier === '$LATEST')
    reasons.push(warn({ ...found, why: 'latest', values: { function: name } }));
  if (reasons.length > 0) return reasons;
  return [pass({ ...found, why: 'pass', values: { function: name, version: choice.qualifier } })];
};
