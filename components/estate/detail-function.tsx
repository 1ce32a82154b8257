'use client';

import { useTranslations } from 'next-intl';
import type { Backend } from '@/components/topology/route';
import { Callout } from '@/components/ui/banner';
import { Status, type StatusTone } from '@/components/ui/chip';
import { Copyable, Mono } from '@/components/ui/copyable';
import { Fact, Facts } from '@/components/ui/facts';
import { Time } from '@/components/ui/time';
import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import { type DetailProps, DetailSection, NodeLink } from './detail-parts';

function toneOf(status: string): StatusTone {
  if (status === 'Active') return 'ok';
  return status.endsWith('Failed') ? 'bad' : 'info';
}

/** A function: what it is, its versions, and every rule that is bound to it. */
export function FunctionDetail({ subject, estate, onSelect }: DetailProps<Backend & { kind: 'scf' }>) {
  const t = useTranslations('estate');
  const read = subject.function;
  const bindings = estate.rules.flatMap((rule) =>
    rule.functions
      .filter((f) => f.namespace === subject.namespace && f.name === subject.name)
      .map((f) => ({ rule, binding: f, balancer: findLoadBalancer(estate, rule.loadBalancerId) }))
      .filter(({ balancer }) => balancer?.region === subject.region),
  );
  return (
    <>
      {read === null ? (
        <Callout tone="warn">{t('functionUnknownNote')}</Callout>
      ) : (
        <Facts>
          <Fact name={t('field.name')}>
            <Copyable value={read.name} />
          </Fact>
          <Fact name={t('field.namespace')}>{read.namespace}</Fact>
          <Fact name={t('field.state')}>
            <Status tone={toneOf(read.status)}>{read.status}</Status>
          </Fact>
          <Fact name={t('field.functionType')}>{t('functionType', { type: read.type })}</Fact>
          <Fact name={t('field.runtime')}>{read.runtime}</Fact>
          <Fact name={t('field.handler')}>
            <Mono className="break-all">{read.handler}</Mono>
          </Fact>
          <Fact name={t('field.limits')}>
            {t('limits', { memory: read.memoryMb, timeout: read.timeoutS })}
          </Fact>
          <Fact name={t('field.versions')}>
            <Mono>{read.versions.join(', ')}</Mono>
          </Fact>
          <Fact name={t('field.clbTriggers')}>{read.clbTriggerCount}</Fact>
          <Fact name={t('field.changed')}>
            <Time at={read.modifiedAt} />
          </Fact>
        </Facts>
      )}
      <DetailSection title={t('boundTo', { count: bindings.length })}>
        {bindings.length === 0 ? <p className="text-12 text-ink-2">{t('unboundNote')}</p> : null}
        <ul className="text-12">
          {bindings.map(({ rule, binding, balancer }) => {
            const listener = findListener(estate, rule.loadBalancerId, rule.listenerId);
            return (
              <li key={rule.id} className="grid gap-0.5 border-b border-line py-1.5 last:border-b-0">
                <NodeLink id={`ru:${rule.id}`} onSelect={onSelect}>
                  <span className="break-all">
                    {rule.domain}
                    {rule.url}
                  </span>
                </NodeLink>
                <span className="text-ink-2">
                  {balancer?.name} {listener ? `${listener.protocol}:${listener.port}` : null},{' '}
                  {t('versionWeight', { version: binding.qualifier, weight: binding.weight })}
                </span>
              </li>
            );
          })}
        </ul>
      </DetailSection>
    </>
  );
}
