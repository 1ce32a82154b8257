'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { KeyNames } from '@/components/ui/kbd';
import { useNarrow } from '@/components/ui/use-narrow';
import { useModKey, useShortcuts } from '@/components/ui/use-shortcuts';
import { loadPart } from '@/lib/client/load-part';
import { useMay } from '@/lib/client/session/rights';
import { routes } from '@/lib/routes';
import { listPageActions, type PageAction, usePageActions } from './page-actions';
import { listPages } from './pages';

/** Shown in place of a part that could not be loaded. */
function PartMissing({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('ui');
  return (
    <Dialog open onOpenChange={onClose} title={t('partMissing')} cancelLabel={t('dismiss')} action={null} />
  );
}

/** Both are loaded when they are first opened. */
const PaletteDialog = lazy(async () => ({
  default: await loadPart(
    import('./palette-dialog').then((module) => module.PaletteDialog),
    PartMissing,
  ),
}));
const ShortcutHelp = lazy(async () => ({
  default: await loadPart(
    import('./shortcut-help').then((module) => module.ShortcutHelp),
    PartMissing,
  ),
}));

type PaletteProps = {
  /** The account that pages about one account open; null = none. */
  readonly connectionId: string | null;
  readonly hasSandbox: boolean;
};

/** The command palette of every page with the button that opens it, and the global shortcuts. */
export function Palette({ connectionId, hasSandbox }: PaletteProps) {
  const t = useTranslations('palette');
  const router = useRouter();
  const mod = useModKey();
  const isNarrow = useNarrow();
  const [shown, setShown] = useState<'palette' | 'help' | null>(null);
  const [actions, setActions] = useState<readonly PageAction[]>([]);
  const mayOperate = useMay('operate');
  const pages = listPages(connectionId, hasSandbox, useMay('audit'));
  const close = () => setShown(null);
  const toggle = () => {
    setActions(listPageActions());
    setShown(shown === 'palette' ? null : 'palette');
  };
  const showHelp = () => setShown('help');
  const noAccount = connectionId === null ? t('why.noAccount') : isNarrow ? t('why.narrow') : null;
  const openWith = (route: (connectionId: string) => string) => () => {
    if (mayOperate && noAccount === null && connectionId !== null) router.push(route(connectionId));
  };
  const newDiversion = openWith((id) => routes.newDiversion(id));
  const creating: readonly PageAction[] = [
    {
      id: 'newDiversion',
      label: t('action.newDiversion'),
      keys: 'N',
      whyNot: noAccount,
      act: newDiversion,
    },
    { id: 'newSwitch', label: t('action.newSwitch'), whyNot: noAccount, act: openWith(routes.newSwitch) },
  ];
  usePageActions([
    ...(mayOperate ? creating : []),
    { id: 'timeZone', label: t('action.timeZone'), whyNot: null, act: () => router.push(routes.timeZone()) },
    { id: 'shortcuts', label: t('action.shortcuts'), keys: '?', whyNot: null, act: showHelp },
  ]);
  useShortcuts({
    'Mod+K': toggle,
    '?': showHelp,
    N: newDiversion,
    ...Object.fromEntries(pages.map(({ shortcut, href }) => [shortcut, () => router.push(href)])),
  });
  return (
    <>
      <Button
        variant="ghost"
        icon={<Search aria-hidden />}
        aria-label={t('open')}
        title={t('open')}
        aria-keyshortcuts={mod === '⌘' ? 'Meta+K' : 'Control+K'}
        aria-haspopup="dialog"
        onClick={toggle}
        className="max-xl:size-8 max-xl:px-0 max-md:size-11"
      >
        <span aria-hidden className="flex items-center gap-2 max-xl:hidden">
          {t('openShort')}
          <KeyNames keys={`${mod} K`} />
        </span>
      </Button>
      <Suspense fallback={null}>
        {shown === 'palette' ? <PaletteDialog {...{ pages, actions }} onClose={close} /> : null}
        {shown === 'help' ? <ShortcutHelp pages={pages} onClose={close} /> : null}
      </Suspense>
    </>
  );
}
