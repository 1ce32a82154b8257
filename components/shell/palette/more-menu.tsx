'use client';

import { Menu } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { listPageActions, type PageAction } from './page-actions';

/** The button at the end of a page's commands, with the menu of those that have no button of their own. */
export function MoreMenu() {
  const t = useTranslations('ui');
  const [actions, setActions] = useState<readonly PageAction[]>([]);
  return (
    <Menu.Root onOpenChange={(isOpen) => isOpen && setActions(listPageActions())}>
      <Menu.Trigger
        render={
          <Button
            size="lg"
            aria-label={t('commands')}
            icon={<Ellipsis aria-hidden />}
            className="max-md:hidden"
          />
        }
      />
      <Menu.Portal>
        <Menu.Positioner className="z-50 outline-hidden" sideOffset={4} align="end">
          <Menu.Popup className="min-w-44 rounded-md border border-line-strong bg-raised py-1 shadow-float outline-hidden">
            {actions.map(
              ({ id, label, menuIcon: Icon, act }) =>
                Icon && (
                  <Menu.Item
                    key={id}
                    onClick={act}
                    className="flex items-center gap-2 px-3 py-1.5 outline-hidden data-highlighted:bg-accent-soft"
                  >
                    <Icon aria-hidden className="size-4 text-ink-3" />
                    {label}
                  </Menu.Item>
                ),
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
