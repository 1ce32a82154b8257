'use client';

import { useTranslations } from 'next-intl';
import { KindMark } from '@/components/ui/chip';
import { Copyable, Mono } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import type { Rule } from '@/lib/estate/model';
import { backendNodeId } from '@/lib/estate/topology/route';
import { type DetailProps, DetailSection, NodeLink, ProbeNote } from './detail-parts';
import { probeHint } from './probe-hint';
import { TargetList } from './target-list';

/** A forwarding rule: its match conditions and its backend. */
export function RuleDetail({ subject, estate, connection, onSelect }: DetailProps<Rule>) {
  const t = useTranslations('estate');
  const loadBalancer = findLoadBalancer(estate, subject.loadBalancerId);
  const listener = findListener(estate, subject.loadBalancerId, subject.listenerId);
  return (
    <>
      <Facts>
        <FactRow name={t('field.id')}>
          <Copyable value={subject.id} />
        </FactRow>
        <FactRow name={t('field.domain')}>
          <Mono className="break-all">{subject.domains.join(', ')}</Mono>
        </FactRow>
        <FactRow name={t('field.path')}>
          <Mono className="break-all">{subject.url}</Mono>
        </FactRow>
        {listener ? (
          <FactRow name={t('field.listener')}>
            <NodeLink id={`ls:${listener.id}`} onSelect={onSelect}>
              {listener.protocol}:{listener.port}
            </NodeLink>
          </FactRow>
        ) : null}
        <FactRow name={t('field.isDefault')}>{t(subject.isDefault ? 'yes' : 'no')}</FactRow>
        <FactRow name={t('field.scheduler')}>{subject.scheduler}</FactRow>
        <FactRow name={t('field.targetType')}>
          <Mono>{subject.targetType}</Mono>
        </FactRow>
        {subject.quic ? <FactRow name={t('field.quic')}>{t('yes')}</FactRow> : null}
        {subject.redirectsTo === null ? null : (
          <FactRow name={t('field.redirectsTo')}>
            <NodeLink id={`ru:${subject.redirectsTo}`} onSelect={onSelect}>
              {subject.redirectsTo}
            </NodeLink>
          </FactRow>
        )}
      </Facts>
      {loadBalancer && listener ? (
        <ProbeNote
          hint={probeHint(loadBalancer, listener, subject, connection)}
          protocol={listener.protocol}
        />
      ) : null}
      {loadBalancer && subject.functions.length > 0 ? (
        <DetailSection title={t('boundFunctions')}>
          <ul className="grid gap-1 text-12">
            {subject.functions.map((binding) => {
              const { region } = loadBalancer;
              const { namespace, name } = binding;
              const backend = { kind: 'scf', region, namespace, name, binding, function: null } as const;
              return (
                <li key={`${namespace}/${name}`} className="flex items-center gap-1.5">
                  <KindMark kind="scf" />
                  <NodeLink id={backendNodeId(backend)} onSelect={onSelect}>
                    {namespace}/{name}:{binding.qualifier}
                  </NodeLink>
                  <span className="ml-auto tabular-nums">{t('weightIs', { weight: binding.weight })}</span>
                </li>
              );
            })}
          </ul>
        </DetailSection>
      ) : null}
      {subject.targets.length > 0 ? <TargetList targets={subject.targets} estate={estate} /> : null}
      {subject.targets.length === 0 && subject.functions.length === 0 && subject.redirectsTo === null ? (
        <p className="text-12 text-ink-2">{t('nothingBound')}</p>
      ) : null}
    </>
  );
}
