'use client';

import { CornerDownRight, Diff, Globe, HeartPulse, Network } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { MapCounts, MapMarks, MapNode } from '@/lib/estate/topology/map-model';
import { unreachable } from '@/lib/invariant';
import { Glyph } from './glyph';

/** The text on a node. */
export function NodeBody({ node }: { readonly node: MapNode }) {
  const t = useTranslations('estate');
  switch (node.kind) {
    case 'host':
      return (
        <>
          <Title kind={t('kind.host')} icon={<Globe aria-hidden className="size-3.5" />}>
            {node.host}
          </Title>
          <p className="truncate pl-5 text-11 text-ink-2">{t('ttlLine', { ttl: node.ttls.join(', ') })}</p>
        </>
      );
    case 'loadBalancer':
      return <BalancerBody node={node} />;
    case 'listener':
      return (
        <span className="flex items-center gap-3">
          <span className="min-w-0 shrink-0">
            <p className="mono truncate text-12 font-semibold">
              <span className="sr-only">{t('kind.listener')} </span>
              {node.protocol}
            </p>
            <p className="mono text-11 text-ink-2">:{node.port}</p>
          </span>
          {node.isOpen === false ? <Counts counts={node.counts} of="listener" /> : null}
        </span>
      );
    case 'rule':
      return (
        <>
          <p className="mono flex items-center gap-1 text-12 font-semibold">
            <span className="sr-only">{t('kind.rule')} </span>
            <span className="truncate">{node.url}</span>
            {node.isRedirect ? (
              <CornerDownRight aria-label={t('redirect')} className="ml-auto size-3 shrink-0 text-ink-3" />
            ) : null}
          </p>
          <p className="truncate text-11 text-ink-2">{node.domain}</p>
        </>
      );
    case 'backend':
      return <BackendBody node={node} />;
    case 'more':
      return <p className="truncate text-11">{t(`more.${node.column}`, { count: node.count })}</p>;
    default:
      return unreachable(node);
  }
}

function BalancerBody({ node }: { readonly node: MapNode & { readonly kind: 'loadBalancer' } }) {
  const t = useTranslations('estate');
  const text = (
    <>
      <Title kind={t('kind.loadBalancer')} icon={<Network aria-hidden className="size-3.5" />}>
        {node.name}
      </Title>
      <p className="mono truncate text-11 text-ink-2">{node.address}</p>
    </>
  );
  const notes = (
    <p className="flex gap-1.5 truncate text-11 text-ink-3">
      {node.isDown ? <span className="font-medium text-bad-ink">{t('down')}</span> : null}
      {node.isClassic ? <span>{t('generation.classic')}</span> : null}
      {node.isOpen === false ? null : <span className="mono truncate">{node.id.slice('lb:'.length)}</span>}
    </p>
  );
  if (node.isOpen !== false)
    return (
      <>
        {text}
        {notes}
      </>
    );
  return (
    <span className="flex items-center gap-3">
      <span className="w-40 min-w-0 shrink-0">{text}</span>
      <Counts counts={node.counts} of="loadBalancer" />
      <span className="ml-auto">{notes}</span>
    </span>
  );
}

/** The counts behind a collapsed node. */
function Counts({ counts, of }: { readonly counts: MapCounts; readonly of: 'loadBalancer' | 'listener' }) {
  const t = useTranslations('estate');
  const texts = [
    ...(of === 'loadBalancer' ? [t('listenerCount', { count: counts.listeners })] : []),
    ...(counts.rules > 0 ? [t('ruleCount', { count: counts.rules })] : []),
    ...(counts.targets > 0 ? [t('targetCount', { count: counts.targets })] : []),
    ...(counts.functions > 0 ? [t('functionCount', { count: counts.functions })] : []),
  ];
  return <span className="min-w-0 truncate text-11 text-ink-2 tabular-nums">{texts.join(' · ')}</span>;
}

/** The problem marks at or behind a node, at its upper edge; renders nothing without problems. */
export function MapMarksBadge({ marks: { unhealthy, drifted } }: { readonly marks: MapMarks }) {
  const t = useTranslations('estate');
  if (unhealthy === 0 && drifted === 0) return null;
  const look =
    'inline-flex h-4.5 items-center gap-0.5 rounded-full border px-1.25 text-11 leading-none font-semibold tabular-nums';
  return (
    <span className="pointer-events-none absolute -top-2 right-2 z-1 flex gap-1">
      {unhealthy > 0 ? (
        <span
          title={t('mark.unhealthy', { count: unhealthy })}
          className={`${look} border-bad-line bg-bad-soft text-bad-ink`}
        >
          <HeartPulse aria-hidden className="size-3" />
          <span className="sr-only">{t('mark.unhealthy', { count: unhealthy })}</span>
          <span aria-hidden>{unhealthy}</span>
        </span>
      ) : null}
      {drifted > 0 ? (
        <span
          title={t('mark.drifted', { count: drifted })}
          className={`${look} border-warn-line bg-warn-soft text-warn-ink`}
        >
          <Diff aria-hidden className="size-3" />
          <span className="sr-only">{t('mark.drifted', { count: drifted })}</span>
          <span aria-hidden>{drifted}</span>
        </span>
      ) : null}
    </span>
  );
}

function BackendBody({ node: { backend } }: { readonly node: MapNode & { kind: 'backend' } }) {
  const t = useTranslations('estate');
  if (backend.kind === 'cvm') {
    return (
      <>
        <Title kind={t('kind.pool')} icon={<Glyph kind="cvm" />}>
          {backend.name ?? t('pool')}
        </Title>
        <p className="truncate pl-6.5 text-11 text-ink-2">
          {t('poolLine', { count: backend.targets, ports: backend.ports.join(', ') })}
        </p>
      </>
    );
  }
  return (
    <>
      <Title kind={t('kind.function')} icon={<Glyph kind="scf" />}>
        {backend.namespace}/{backend.name}
        {backend.qualifier === null ? '' : `:${backend.qualifier}`}
      </Title>
      <p className="truncate pl-6.5 text-11 text-ink-2">
        {backend.qualifier === null
          ? t('unbound')
          : backend.read === null
            ? t('functionUnknown')
            : t('functionLine', backend.read)}
      </p>
    </>
  );
}

type TitleProps = {
  /** Announced before the name; sighted users see it by the shape. */
  readonly kind: string;
  readonly icon: React.ReactNode;
  readonly children: React.ReactNode;
};

function Title({ kind, icon, children }: TitleProps) {
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-ink-3">
      {icon}
      <span className="truncate font-semibold text-ink">
        <span className="sr-only">{kind} </span>
        {children}
      </span>
    </p>
  );
}
