'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Fact, Facts } from '@/components/ui/facts';
import type { LoadBalancer } from '@/lib/estate/model';
import { scfBindingSupport } from '@/lib/estate/regions';
import { type DetailProps, DetailSection, NodeLink } from './detail-parts';

const bindingTones = { supported: 'ok', 'older-docs': 'warn', unsupported: 'off' } as const;

/** A load balancer: its facts, addresses and listeners. */
export function BalancerDetail({ subject, estate, onSelect }: DetailProps<LoadBalancer>) {
  const t = useTranslations('estate');
  const format = useFormatter();
  const support = scfBindingSupport(subject.region);
  const listeners = estate.listeners.filter((listener) => listener.loadBalancerId === subject.id);
  return (
    <>
      <Facts>
        <Fact name={t('field.id')}>
          <Copyable value={subject.id} />
        </Fact>
        {subject.domain === null ? null : (
          <Fact name={t('field.ownName')}>
            <Copyable value={subject.domain} />
          </Fact>
        )}
        {[...subject.vips, ...(subject.ipv6 === null ? [] : [subject.ipv6])].map((address) => (
          <Fact key={address} name={t('field.address')}>
            <Copyable value={address} />
          </Fact>
        ))}
        <Fact name={t('field.generation')}>{t(`generation.${subject.generation}`)}</Fact>
        <Fact name={t('field.addressFamily')}>{t(`addressFamily.${subject.addressFamily}`)}</Fact>
        <Fact name={t('field.network')}>{t(`network.${subject.network}`)}</Fact>
        <Fact name={t('field.vpc')}>
          {subject.vpcId === null ? t('classicNetwork') : <Copyable value={subject.vpcId} />}
        </Fact>
        {subject.slaType === null ? null : (
          <Fact name={t('field.specification')}>{subject.slaType || t('sharedSpecification')}</Fact>
        )}
        {subject.bandwidthMbps ? (
          <Fact name={t('field.bandwidth')}>
            {format.number(subject.bandwidthMbps)} Mbps
            {subject.internetChargeType === null
              ? ''
              : `, ${t('chargeType', { type: subject.internetChargeType })}`}
          </Fact>
        ) : null}
        <Fact name={t('field.state')}>
          <Status tone={subject.status === 'running' ? 'ok' : 'info'}>{t(`status.${subject.status}`)}</Status>
        </Fact>
        {subject.isolated ? (
          <Fact name={t('field.isolated')}>
            <Status tone="bad">{t('yes')}</Status>
          </Fact>
        ) : null}
        {subject.blocked ? (
          <Fact name={t('field.blocked')}>
            <Status tone="bad">{t('yes')}</Status>
          </Fact>
        ) : null}
        <Fact name={t('field.functionsHere')}>
          <Status tone={bindingTones[support]}>{t(`binding.${support}`)}</Status>
        </Fact>
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
