'use client';

import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog } from '@/components/ui/dialog';
import { KeyNames } from '@/components/ui/kbd';
import { useCharacterKeys, useModKey } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/session/rights';
import type { PageEntry } from './pages';

type ShortcutHelpProps = { readonly pages: readonly PageEntry[]; readonly onClose: () => void };

/** All keyboard shortcuts, and the option to turn off single-key shortcuts. */
export function ShortcutHelp({ pages, onClose }: ShortcutHelpProps) {
  const t = useTranslations('palette.help');
  const all = useTranslations('palette');
  const mod = useModKey();
  const mayOperate = useMay('operate');
  const [isOn, setIsOn] = useCharacterKeys();
  const groups = [
    {
      title: t('everywhere'),
      lines: [
        [`${mod} K`, t('palette')],
        ['/', t('search')],
        ...(mayOperate ? [['N', t('newDiversion')]] : []),
        ['?', t('help')],
        ['Esc', t('escape')],
        ['F6', t('toasts')],
        ['Tab', t('skip')],
      ],
    },
    { title: t('goTo'), lines: pages.map(({ page, shortcut }) => [shortcut, all(`page.${page}`)]) },
    ...(mayOperate
      ? [
          {
            title: t('run'),
            lines: [
              ['P', t('pause')],
              ['Shift R', t('rollback')],
            ],
          },
        ]
      : []),
  ];
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title={t('title')}
      icon={<Keyboard aria-hidden />}
      cancelLabel={t('close')}
      action={null}
      size="wide"
    >
      <div className="grid items-start gap-x-8 gap-y-4 md:grid-cols-2">
        {groups.map(({ title, lines }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 text-12 text-ink-2">{title}</h3>
            <table className="w-full">
              <tbody>
                {lines.map(([keys = '', name]) => (
                  <tr key={keys} className="border-b border-line last:border-b-0">
                    <th scope="row" className="py-1.5 text-left font-normal">
                      {name}
                    </th>
                    <td className="py-1.5 text-right text-ink-2">
                      <span className="sr-only">{keys.replace(' ', ` ${joint(keys)} `)}</span>
                      <KeyNames keys={keys} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ))}
      </div>
      <label className="grid grid-cols-[auto_1fr] items-baseline gap-x-2">
        <input
          type="checkbox"
          className="accent-accent"
          checked={isOn}
          onChange={(event) => setIsOn(event.target.checked)}
        />
        <span>
          {t('characters')}
          <span className="block text-12 text-ink-2">{t('charactersNote', { mod })}</span>
        </span>
      </label>
    </Dialog>
  );

  /** `G E` is one key after the other, the others are pressed together. */
  function joint(keys: string): string {
    return keys.startsWith('G ') ? t('then') : '+';
  }
}
