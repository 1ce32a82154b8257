'use client';

import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/banner';
import { Status, type StatusTone } from '@/components/ui/chip';
import { Copyable, Mono } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import type { ScfFunction } from '@/lib/estate/model';
import type { Backend } from '@/lib/estate/topology/route';
import { routes } from '@/lib/routes';
import { type DetailProps, DetailSection, NodeLink } from './detail-parts';

function statusTone(status: string): StatusTone {
  if (status === 'Active') return 'ok';
  return status.endsWith('Failed') ? 'bad' : 'info';
}

/**
 * All triggers that call the function automatically, including load balancers: each by kind and name, with its state
 * and setting.
 */
function TriggerList({ triggers }: Pick<ScfFunction, 'triggers'>) {
  const t = useTranslations('estate');
  if (triggers === null)
    return (
      <DetailSection title={t('trigger.unread')}>
        <p className="text-12 text-ink-2">{t('trigger.unreadNote')}</p>
      </DetailSection>
    );
  return (
    <DetailSection title={t('trigger.title', { count: triggers.length })}>
      {triggers.length === 0 ? <p className="text-12 text-ink-2">{t('trigger.none')}</p> : null}
      <ul className="text-12">
        {triggers.map(({ kind, name, enabled, setting, description, qualifier }) => (
          <li
            key={`${kind} ${name} ${qualifier}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-b border-line py-1.5 last:border-b-0"
          >
            <span className="font-medium break-all">{name || t('trigger.unnamed')}</span>
            <Status tone={enabled === null ? 'info' : enabled ? 'ok' : 'off'}>
              {t('trigger.state', { state: enabled === null ? 'unknown' : enabled ? 'on' : 'off' })}
            </Status>
            <span className="col-span-2 text-ink-2">
              {t('trigger.kind', { kind, qualifier: qualifier ?? 'none' })}
            </span>
            {setting === '' ? null : <Mono className="col-span-2 break-all text-ink-2">{setting}</Mono>}
            {description === '' ? null : <span className="col-span-2">{description}</span>}
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}

/** A function: its facts, its versions, its triggers, and every rule that is bound to it. */
export function FunctionDetailPanel({
  subject,
  estate,
  connection,
  onSelect,
}: DetailProps<Backend & { kind: 'scf' }>) {
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
          <FactRow name={t('field.name')}>
            <Copyable value={read.name} />
          </FactRow>
          <FactRow name={t('field.namespace')}>{read.namespace}</FactRow>
          <FactRow name={t('field.state')}>
            <Status tone={statusTone(read.status)}>{read.status}</Status>
          </FactRow>
          <FactRow name={t('field.functionType')}>{t('functionType', { type: read.type })}</FactRow>
          <FactRow name={t('field.runtime')}>{read.runtime}</FactRow>
          <FactRow name={t('field.handler')}>
            <Mono className="break-all">{read.handler}</Mono>
          </FactRow>
          <FactRow name={t('field.limits')}>
            {t('limits', { memory: read.memoryMb, timeout: read.timeoutS })}
          </FactRow>
          <FactRow name={t('field.versions')}>
            <Mono>{read.versions.join(', ')}</Mono>
          </FactRow>
          <FactRow name={t('field.changed')}>
            <Time at={read.modifiedAt} />
          </FactRow>
        </Facts>
      )}
      {read === null ? null : (
        <p className="text-12">
          <TextLink href={routes.function(read.connectionId ?? connection.id, read)} prefetch={false}>
            {t('openFunction')}
          </TextLink>
        </p>
      )}
      {read === null ? null : <TriggerList triggers={read.triggers} />}
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
