import { useTranslations } from 'next-intl';
import { StateCompare } from '@/components/steps/state-compare';
import { Panel } from '@/components/ui/panel';
import type { AcceptedDriftView } from '@/lib/client/drift-views';
import { AcceptanceLine } from './acceptance-line';
import { ByLine } from './by-line';
import { ObjectHead } from './object-head';

/** Objects whose drift was accepted. */
export function AcceptedList({ items }: { readonly items: readonly AcceptedDriftView[] }) {
  const t = useTranslations('drift');
  return (
    <Panel title={t('adoptedTitle')} flush>
      <ul>
        {items.map(({ key, object, by, expected, found, adopted }) => (
          <li key={key} className="grid gap-1.5 border-b border-line px-4 py-3 last:border-b-0">
            <ObjectHead object={object} />
            <AcceptanceLine adopted={adopted} />
            <StateCompare
              from={{ title: t('instead'), state: expected }}
              to={{ title: t('adoptedState'), state: found }}
            />
            <p className="text-12 text-ink-2">
              <ByLine by={by} />
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
