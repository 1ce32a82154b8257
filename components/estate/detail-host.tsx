'use client';

import { useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { Time } from '@/components/ui/time';
import { leadsTo } from '@/lib/estate/dns-target';
import { findIgtm } from '@/lib/estate/find-igtm';
import { findZone } from '@/lib/estate/look-up';
import type { TopologyNode } from '@/lib/estate/topology/node';
import { type DetailProps, DetailSection, NodeLink } from './detail-parts';

/** DNSPod's id of the default line; its name is Chinese in every language. */
const defaultLine = '0';

/** A name: its records, the target of each, and their zone. */
export function HostDetail({ subject, estate, onSelect }: DetailProps<TopologyNode & { kind: 'host' }>) {
  const t = useTranslations('estate');
  const zone = findZone(estate, subject.host);
  const igtm = findIgtm(
    estate,
    subject.host,
    subject.records.map(({ record }) => record),
  );
  return (
    <>
      {subject.records.map(({ record }) => {
        const led = estate.loadBalancers.filter((loadBalancer) => leadsTo(record, loadBalancer));
        return (
          <DetailSection key={record.id} title={t('recordTitle', { type: record.type })}>
            <Facts>
              <FactRow name={t('field.value')}>
                <Copyable value={record.value} />
              </FactRow>
              <FactRow name={t('field.leadsTo')}>
                {led.length === 0 ? <Status tone="warn">{t('leadsNowhereLong')}</Status> : null}
                {led.map((loadBalancer) => (
                  <NodeLink key={loadBalancer.id} id={`lb:${loadBalancer.id}`} onSelect={onSelect}>
                    {loadBalancer.name}
                  </NodeLink>
                ))}
              </FactRow>
              <FactRow name={t('field.state')}>
                <Status tone={record.enabled ? 'ok' : 'off'}>
                  {t(record.enabled ? 'enabled' : 'recordOff')}
                </Status>
              </FactRow>
              <FactRow name={t('field.ttl')}>{t('seconds', { count: record.ttlS })}</FactRow>
              <FactRow name={t('field.weight')}>{record.weight ?? t('unweighted')}</FactRow>
              <FactRow name={t('field.line')}>
                {record.lineId === defaultLine ? t('defaultLine') : record.line}
              </FactRow>
              {record.monitored ? (
                <FactRow name={t('field.owner')}>
                  <Status tone="warn">{t('monitored')}</Status>
                </FactRow>
              ) : null}
              <FactRow name={t('field.changed')}>
                <Time at={record.updatedAt} />
              </FactRow>
            </Facts>
          </DetailSection>
        );
      })}
      {igtm ? (
        <DetailSection title={t('igtm.title')}>
          <Facts>
            <FactRow name={t('field.owner')}>
              <Status tone={igtm.enabled ? 'warn' : 'off'}>{igtm.name}</Status>
            </FactRow>
            {igtm.accessName === null ? null : (
              <FactRow name={t('igtm.accessName')}>
                <Copyable value={igtm.accessName} />
              </FactRow>
            )}
          </Facts>
        </DetailSection>
      ) : null}
      {zone ? (
        <DetailSection title={t('zone')}>
          <Facts>
            <FactRow name={t('field.name')}>{zone.name}</FactRow>
            <FactRow name={t('field.state')}>
              <Status tone={zone.enabled ? 'ok' : 'warn'}>{t(zone.enabled ? 'enabled' : 'zoneOff')}</Status>
            </FactRow>
            <FactRow name={t('field.delegated')}>
              {zone.delegated === null ? (
                <Status tone="off">{t('unknown')}</Status>
              ) : (
                <Status tone={zone.delegated ? 'ok' : 'warn'}>{t(zone.delegated ? 'yes' : 'no')}</Status>
              )}
            </FactRow>
            <FactRow name={t('field.grade')}>{zone.grade}</FactRow>
          </Facts>
        </DetailSection>
      ) : null}
    </>
  );
}
