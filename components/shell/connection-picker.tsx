'use client';

import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown, Cloud, FlaskConical } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ConnectionView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { useChooseConnection } from './connection-scope';

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
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={t('connection', { name: current?.name ?? t('allConnections') })}
        className="flex h-8 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface pr-2 pl-2.5 hover:border-control"
      >
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <span className="truncate font-semibold">{current?.name ?? t('allConnections')}</span>
        {current?.uin ? <span className="mono text-ink-3 max-xl:hidden">{current.uin}</span> : null}
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-50 outline-hidden" sideOffset={4} align="end">
          <Menu.Popup className="min-w-64 rounded-md border border-line-strong bg-raised py-1 shadow-float outline-hidden">
            {connections.map((connection) => (
              <Menu.LinkItem
                key={connection.id}
                closeOnClick
                onClick={() => choose(connection.id)}
                render={<Link href={routes[opens](connection.id)} />}
                className="grid grid-cols-[1rem_1fr_auto] items-center gap-2 px-2.5 py-1.5 outline-hidden data-highlighted:bg-accent-soft"
              >
                {connection.id === connectionId ? <Check aria-hidden className="size-3.5" /> : <span />}
                <span className="font-medium">{connection.name}</span>
                <span className="text-12 text-ink-3">
                  {t(`kind.${connection.kind}`)}{' '}
                  {connection.uin ? <span className="mono">{connection.uin}</span> : null}
                </span>
              </Menu.LinkItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
