'use client';

import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { Fact, Facts } from '@/components/ui/facts';
import { findLoadBalancer, rulesOf } from '@/lib/estate/look-up';
import type { Listener } from '@/lib/estate/model';
import { type DetailProps, DetailSection, NodeLink, ProbeNote } from './detail-parts';
import { probeHint } from './probe-hint';
import { TargetList } from './target-list';

/** A listener: protocol, port, certificate, and its rules or its targets. */
export function ListenerDetail({ subject, estate, connection, onSelect }: DetailProps<Listener>) {
  const t = useTranslations('estate');
  const loadBalancer = findLoadBalancer(estate, subject.loadBalancerId);
  const rules = rulesOf(estate, subject.id);
  return (
    <>
      <Facts>
        <Fact name={t('field.id')}>
          <Copyable value={subject.id} />
        </Fact>
        <Fact name={t('field.name')}>{subject.name}</Fact>
        {loadBalancer ? (
          <Fact name={t('field.loadBalancer')}>
            <NodeLink id={`lb:${loadBalancer.id}`} onSelect={onSelect}>
              {loadBalancer.name}
            </NodeLink>
          </Fact>
        ) : null}
        {subject.certificateId === null ? null : (
          <Fact name={t('field.certificate')}>
            <Copyable value={subject.certificateId} />
          </Fact>
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
