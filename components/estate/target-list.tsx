'use client';

import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { findInstance } from '@/lib/estate/look-up';
import type { Target } from '@/lib/estate/model';
import { targetName, targetText } from '@/lib/estate/target';
import type { EstatePiece } from '@/lib/estate/topology/node-detail';
import { DetailSection } from './detail-parts';

type TargetListProps = {
  readonly targets: readonly Target[];
  readonly estate: Pick<EstatePiece, 'instances'>;
};

/** The targets of a pool: the address of each, its weight, and the state of its instance in the snapshot. */
export function TargetList({ targets, estate }: TargetListProps) {
  const t = useTranslations('estate');
  return (
    <DetailSection title={t('targetCount', { count: targets.length })}>
      <ul className="text-12">
        {targets.map((target) => {
          const instance = findInstance(estate, target.instanceId);
          return (
            <li
              key={targetText(target)}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-b border-line py-1.5 last:border-b-0"
            >
              <span className="truncate font-medium">
                {(target.eniIp === undefined ? (target.instanceName ?? instance?.name) : null) ?? target.kind}
              </span>
              <span className="tabular-nums">{t('weightIs', { weight: target.weight })}</span>
              <Copyable value={targetName(target)} />
              <span className="mono self-center text-ink-2">
                {target.eniIp === undefined ? `${target.privateIp}:${target.port}` : targetText(target)}
              </span>
              {instance && instance.state !== 'RUNNING' ? (
                <span className="text-ink-3">
                  {t('instanceState', { state: instance.state, zone: instance.zone })}
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
    </DetailSection>
  );
}
