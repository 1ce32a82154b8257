'use client';

import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import type { ConnectionView } from '@/lib/contract/connection';

export type ConnectionMenuProps = {
  readonly connections: readonly ConnectionView[];
  readonly connectionId: string | null;
  readonly onChoose: (connectionId: string) => void;
  /** The address that opens for a connection. */
  readonly href: (connectionId: string) => string;
  /** The button, with its content. */
  readonly trigger: ComponentProps<'button'>;
};

/** The button and the menu of accounts that it opens. */
export function ConnectionMenu(props: ConnectionMenuProps) {
  const { connections, connectionId, onChoose, href, trigger } = props;
  const t = useTranslations('shell');
  return (
    <Menu.Root>
      <Menu.Trigger {...trigger} />
      <Menu.Portal>
        <Menu.Positioner className="z-50 outline-hidden" sideOffset={4} align="end">
          <Menu.Popup className="min-w-64 rounded-md border border-line-strong bg-raised py-1 shadow-float outline-hidden">
            {connections.map((connection) => (
              <Menu.LinkItem
                key={connection.id}
                closeOnClick
                onClick={() => onChoose(connection.id)}
                render={<Link href={href(connection.id)} />}
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
