'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/banner';
import { Copyable } from '@/components/ui/copyable';
import { TextButton } from '@/components/ui/text-link';
import type { ConnectionView } from '@/lib/contract/connection';
import type { EstatePiece } from '@/lib/estate/topology/node-detail';
import { useIsPast } from './is-past';
import type { ProbeHint } from './probe-hint';

/** Props shared by every kind of detail. */
export type DetailProps<T> = {
  readonly subject: T;
  /** The part of the estate around the subject. */
  readonly estate: EstatePiece;
  readonly connection: ConnectionView;
  readonly onSelect: (id: string) => void;
};

/** A section of the panel with its own heading. */
export function DetailSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="grid min-w-0 gap-1.5">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** A link to another node of the graph. */
export function NodeLink({
  id,
  onSelect,
  children,
}: {
  readonly id: string;
  readonly onSelect: (id: string) => void;
  readonly children: ReactNode;
}) {
  return (
    <TextButton className="min-h-6 text-right" onClick={() => onSelect(id)}>
      {children}
    </TextButton>
  );
}

/** Instructions for sending a request to the load balancer directly. */
export function ProbeNote({
  hint,
  protocol,
}: {
  readonly hint: ProbeHint | null;
  readonly protocol: string;
}) {
  const t = useTranslations('estate.probe');
  const isPast = useIsPast();
  if (hint === null || isPast) return null;
  if (hint.kind === 'notInSandbox') {
    return <Callout>{t('notInSandbox', { protocol })}</Callout>;
  }
  return (
    <DetailSection title={t(hint.kind)}>
      <Copyable value={hint.text} />
    </DetailSection>
  );
}
