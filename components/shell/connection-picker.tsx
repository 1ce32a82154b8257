'use client';

import { ChevronDown, Cloud, FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { onDemand, StandInButton, useStandIn } from '@/components/ui/base/on-demand';
import type { ConnectionView } from '@/lib/contract/connection';
import { routes } from '@/lib/routes';
import { useChooseConnection } from './connection-scope';

const menu = onDemand(() => import('./connection-menu'));

type ConnectionPickerProps = {
  readonly connections: readonly ConnectionView[];
  readonly connectionId: string | null;
  /** The page that opens for the selected connection. */
  readonly opens: 'estate' | 'drift' | 'bindings' | 'functions' | 'changes' | 'newDiversion';
};

/** Shows the account that this page is about, and links to the others. */
export function ConnectionPicker({ connections, connectionId, opens }: ConnectionPickerProps) {
  const t = useTranslations('shell');
  const choose = useChooseConnection();
  const current = connections.find((connection) => connection.id === connectionId);
  const Icon = current?.kind === 'tencent' ? Cloud : FlaskConical;
  const { part, takeOver, standIn, open } = useStandIn(menu);
  const trigger = {
    'aria-label': t('connection', { name: current?.name ?? t('allConnections') }),
    className:
      'flex h-8 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface pr-2 pl-2.5 hover:border-control',
    children: (
      <>
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <span className="truncate font-semibold">{current?.name ?? t('allConnections')}</span>
        {current?.uin ? <span className="mono text-ink-3 max-xl:hidden">{current.uin}</span> : null}
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </>
    ),
  };
  if (part === null) return <StandInButton {...trigger} {...standIn} aria-haspopup="menu" onClick={open} />;
  return (
    <part.ConnectionMenu
      {...{ connections, connectionId, trigger }}
      onChoose={choose}
      href={(id) => routes[opens](id)}
      triggerRef={takeOver.focus}
      defaultOpen={takeOver.isOpen}
    />
  );
}
