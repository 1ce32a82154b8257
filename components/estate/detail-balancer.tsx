'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import { findTkeMarks } from '@/lib/estate/facts/tke';
import type { LoadBalancer } from '@/lib/estate/model';
import { type DetailProps, DetailSection, NodeLink } from './detail-parts';

const bindingTones = { supported: 'ok', 'older-docs': 'warn', unsupported: 'off' } as const;

/** A load balancer: its facts, addresses and listeners. */
export function BalancerDetail({ subject, estate, onSelect }: DetailProps<LoadBalancer>) {
  const t = useTranslations('estate');
  const format = useFormatter();
  const support = scfBindingSupport(subject.region);
  const { listeners } = estate;
  const tke = findTkeMarks(subject);
  const tags = Object.entries(subject.tags).map(([key, value]) => `${key}=${value}`);
  return (
    <>
      <Facts>
        <FactRow name={t('field.id')}>
          <Copyable value={subject.id} />
        </FactRow>
        {subject.domain === null ? null : (
          <FactRow name={t('field.ownName')}>
            <Copyable value={subject.domain} />
          </FactRow>
        )}
        {[...subject.vips, ...(subject.ipv6 === null ? [] : [subject.ipv6])].map((address) => (
          <FactRow key={address} name={t('field.address')}>
            <Copyable value={address} />
          </FactRow>
        ))}
        <FactRow name={t('field.generation')}>{t(`generation.${subject.generation}`)}</FactRow>
        <FactRow name={t('field.addressFamily')}>{t(`addressFamily.${subject.addressFamily}`)}</FactRow>
        <FactRow name={t('field.network')}>{t(`network.${subject.network}`)}</FactRow>
        <FactRow name={t('field.vpc')}>
          {subject.vpcId === null ? t('classicNetwork') : <Copyable value={subject.vpcId} />}
        </FactRow>
        {subject.slaType === null ? null : (
          <FactRow name={t('field.specification')}>{subject.slaType || t('sharedSpecification')}</FactRow>
        )}
        {subject.bandwidthMbps ? (
          <FactRow name={t('field.bandwidth')}>
            {format.number(subject.bandwidthMbps)} Mbps
            {subject.internetChargeType === null
              ? ''
              : `, ${t('chargeType', { type: subject.internetChargeType })}`}
          </FactRow>
        ) : null}
        <FactRow name={t('field.state')}>
          <Status tone={subject.status === 'running' ? 'ok' : 'info'}>{t(`status.${subject.status}`)}</Status>
        </FactRow>
        {subject.isolated ? (
          <FactRow name={t('field.isolated')}>
            <Status tone="bad">{t('yes')}</Status>
          </FactRow>
        ) : null}
        {subject.blocked ? (
          <FactRow name={t('field.blocked')}>
            <Status tone="bad">{t('yes')}</Status>
          </FactRow>
        ) : null}
        {tke === null ? null : (
          <FactRow name={t('field.owner')}>
            <Status tone="warn">{t('tke', { ...tke, cluster: tke.cluster || 'none' })}</Status>
          </FactRow>
        )}
        {subject.operationProtection === null ? null : (
          <FactRow name={t('field.operationProtection')}>
            <Status tone="warn">
              {t('protectedBy', { uin: subject.operationProtection.operatorUin ?? 'none' })}
            </Status>
          </FactRow>
        )}
        {tags.length === 0 ? null : <FactRow name={t('field.tags')}>{tags.join(', ')}</FactRow>}
        <FactRow name={t('field.functionsHere')}>
          <Status tone={bindingTones[support]}>{t(`binding.${support}`)}</Status>
        </FactRow>
      </Facts>
      <DetailSection title={t('listenerCount', { count: listeners.length })}>
        <ul className="grid gap-1 text-12">
          {listeners.map((listener) => (
            <li key={listener.id} className="flex items-center gap-2">
              <NodeLink id={`ls:${listener.id}`} onSelect={onSelect}>
                {listener.protocol}:{listener.port}
              </NodeLink>
              <span className="truncate text-ink-3">{listener.name}</span>
            </li>
          ))}
        </ul>
      </DetailSection>
    </>
  );
}
