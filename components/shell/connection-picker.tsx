'use client';

import { ChevronDown, Cloud, FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentType, lazy, Suspense } from 'react';
import { useHydrated } from '@/components/ui/use-hydrated';
import { loadPart } from '@/lib/client/load-part';
import type { ConnectionView } from '@/lib/contract/connection';
import { routes } from '@/lib/routes';
import type { ConnectionMenuProps } from './connection-menu';
import { useChooseConnection } from './connection-scope';

/** Loaded once the page works: the menu is a quarter of the JavaScript of a small page. */
const ConnectionMenu = lazy(async () => ({
  default: await loadPart<ComponentType<ConnectionMenuProps>>(
    import('./connection-menu').then((module) => module.ConnectionMenu),
    Waiting,
  ),
}));

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
  const isHydrated = useHydrated();
  const current = connections.find((connection) => connection.id === connectionId);
  const Icon = current?.kind === 'tencent' ? Cloud : FlaskConical;
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
  const menu = { connections, connectionId, trigger, onChoose: choose, href: routes[opens] };
  const waiting = <Waiting {...menu} />;
  return isHydrated ? (
    <Suspense fallback={waiting}>
      <ConnectionMenu {...menu} />
    </Suspense>
  ) : (
    waiting
  );
}

/** The button until its menu is loaded. */
function Waiting({ trigger }: ConnectionMenuProps) {
  return <button type="button" aria-haspopup="menu" disabled {...trigger} />;
}
