import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { UnknownDriftView } from '@/lib/client/drift-views';
import { routes } from '@/lib/routes';
import { ByLine } from './by-line';
import { ObjectHead } from './object-head';

/** Objects whose drift is unknown, each with the reason. */
export function UnknownList({ items }: { readonly items: readonly UnknownDriftView[] }) {
  const t = useTranslations('drift.unknown');
  return (
    <Panel title={t('title')} flush>
      <ul>
        {items.map(({ key, object, by, why }) => (
          <li key={key} className="grid gap-1 border-b border-line px-4 py-2.5 last:border-b-0">
            <ObjectHead object={object} />
            <p className="text-12 text-ink-2">
              <Why why={why} /> · <ByLine by={by} />
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Why({ why }: Pick<UnknownDriftView, 'why'>) {
  const t = useTranslations('drift.unknown');
  if (why.kind === 'busy')
    return t.rich('busy', { run: () => <TextLink href={routes.run(why.runId)}>{why.runId}</TextLink> });
  return why.kind === 'unread' ? t('unread', { part: why.part }) : t('notLookedAt');
}
