'use client';

import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { findLoadBalancer, listRules } from '@/lib/estate/look-up';
import type { Listener } from '@/lib/estate/model';
import { type DetailProps, DetailSection, NodeLink, ProbeNote } from './detail-parts';
import { probeHint } from './probe-hint';
import { TargetList } from './target-list';

/** A listener: protocol, port, certificate, and its rules or its targets. */
export function ListenerDetail({ subject, estate, connection, onSelect }: DetailProps<Listener>) {
  const t = useTranslations('estate');
  const loadBalancer = findLoadBalancer(estate, subject.loadBalancerId);
  const rules = listRules(estate, subject.id);
  return (
    <>
      <Facts>
        <FactRow name={t('field.id')}>
          <Copyable value={subject.id} />
        </FactRow>
        <FactRow name={t('field.name')}>{subject.name}</FactRow>
        {loadBalancer ? (
          <FactRow name={t('field.loadBalancer')}>
            <NodeLink id={`lb:${loadBalancer.id}`} onSelect={onSelect}>
              {loadBalancer.name}
            </NodeLink>
          </FactRow>
        ) : null}
        {subject.certificateId === null ? null : (
          <FactRow name={t('field.certificate')}>
            <Copyable value={subject.certificateId} />
          </FactRow>
        )}
      </Facts>
      {loadBalancer ? (
        <ProbeNote
          hint={probeHint(loadBalancer, subject, rules[0], connection)}
          protocol={subject.protocol}
        />
      ) : null}
      {rules.length > 0 ? (
        <DetailSection title={t('ruleCount', { count: rules.length })}>
          <ul className="grid gap-1 text-12">
            {rules.map((rule) => (
              <li key={rule.id} className="min-w-0 truncate">
                <NodeLink id={`ru:${rule.id}`} onSelect={onSelect}>
                  {rule.domain}
                  {rule.url}
                </NodeLink>
              </li>
            ))}
          </ul>
        </DetailSection>
      ) : null}
      {subject.targets.length > 0 ? <TargetList targets={subject.targets} estate={estate} /> : null}
    </>
  );
}
