import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { FreezeView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { FreezeText } from './freeze-text';

type FreezePanelProps = { readonly freezes: readonly FreezeView[]; readonly zone: string };

/** The freeze windows, read-only; they are changed in the settings. */
export function FreezePanel({ freezes, zone }: FreezePanelProps) {
  const t = useTranslations('schedule.freezes');
  return (
    <Panel title={t('title')} footer={<TextLink href={routes.settings()}>{t('edit')}</TextLink>} flush>
      {freezes.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
      ) : (
        <ul>
          {freezes.map((freeze) => (
            <li key={freeze.id} className="border-t border-line px-4 py-2 first:border-t-0">
              <p className="font-semibold">{freeze.name}</p>
              <p className="text-12 text-ink-2">
                <FreezeText span={freeze.span} zone={zone} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
