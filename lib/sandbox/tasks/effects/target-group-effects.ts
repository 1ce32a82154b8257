import { invariant } from '@/lib/invariant';
import type { WorldListener, WorldRule, WorldTarget, WorldTargetGroup } from '../../world/clb';
import type { Association, Group, TargetGroupEffect } from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import { type EffectHandlers, getHolder, placeKey } from './handlers';
import { changedTargets, withoutTargets } from './target-effects';

function getGroup(account: AccountWorld, id: string): WorldTargetGroup {
  const found = account.targetGroups[id];
  invariant(found, `${id} went away during a task`);
  return found;
}

function change(
  account: AccountWorld,
  { groupId, at }: Group,
  targetsOf: (present: readonly WorldTarget[]) => WorldTarget[],
): void {
  const group = getGroup(account, groupId);
  group.targets = targetsOf(group.targets);
  group.modifiedAt = at;
}

function setGroups(holder: WorldRule | WorldListener, uses: WorldRule['targetGroups']): void {
  holder.targetGroups = uses;
}

const associationKeys = (account: AccountWorld, effect: { associations: Association[] }) => [
  ...new Set(effect.associations.map((each) => placeKey(account, each))),
];

export const targetGroupEffects: EffectHandlers<TargetGroupEffect> = {
  registerGroupTargets: {
    apply: (account, effect) => change(account, effect, (present) => [...present, ...effect.targets]),
    objects: (_account, { groupId }) => [groupId],
  },
  deregisterGroupTargets: {
    apply: (account, effect) => change(account, effect, (present) => withoutTargets(present, effect.targets)),
    objects: (_account, { groupId }) => [groupId],
  },
  changeGroupTargets: {
    apply: (account, effect) => change(account, effect, (present) => changedTargets(present, effect.changes)),
    objects: (_account, { groupId }) => [groupId],
  },
  associateGroups: {
    apply(account, effect) {
      for (const { groupId, weight, ...place } of effect.associations) {
        const holder = getHolder(account, place);
        setGroups(holder, [...holder.targetGroups, { groupId, weight }]);
        holder.targetType = getGroup(account, groupId).type === 'v2' ? 'TARGETGROUP-V2' : 'TARGETGROUP';
      }
    },
    objects: associationKeys,
  },
  disassociateGroups: {
    apply(account, effect) {
      for (const { groupId, ...place } of effect.associations) {
        const holder = getHolder(account, place);
        setGroups(
          holder,
          holder.targetGroups.filter((use) => use.groupId !== groupId),
        );
        const isEmptyRule = place.ruleId !== null && holder.targetGroups.length === 0;
        if (isEmptyRule && effect.emptyType) holder.targetType = effect.emptyType;
      }
    },
    objects: associationKeys,
  },
};
