import { invariant } from '@/lib/invariant';
import type { WorldListener, WorldRule } from '../../world/clb';
import type { Association, TargetGroupEffect } from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import { type EffectHandlers, getHolder, placeKey } from './handlers';

function setGroups(holder: WorldRule | WorldListener, uses: WorldRule['targetGroups']): void {
  holder.targetGroups = uses;
}

const associationKeys = (account: AccountWorld, effect: { associations: Association[] }) => [
  ...new Set(effect.associations.map((each) => placeKey(account, each))),
];

export const targetGroupEffects: EffectHandlers<TargetGroupEffect> = {
  associateGroups: {
    apply(account, effect) {
      for (const { groupId, weight, ...place } of effect.associations) {
        const holder = getHolder(account, place);
        setGroups(holder, [...holder.targetGroups, { groupId, weight }]);
        const group = account.targetGroups[groupId];
        invariant(group, `${groupId} went away during a task`);
        holder.targetType = group.type === 'v2' ? 'TARGETGROUP-V2' : 'TARGETGROUP';
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
