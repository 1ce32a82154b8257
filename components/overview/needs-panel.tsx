import { useTranslations } from 'next-intl';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand } from '@/components/ui/base/on-demand';
import { Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { NeedsView } from '@/lib/client/overview-views';
import { routes } from '@/lib/routes';
import { RetryParts } from './part';

const lines = onDemand(() => import('./need-lines'));

/** All open tasks, the most urgent first, each with a link to the page that resolves it. */
export function NeedsPanel({ needs: { items, total, unread } }: { readonly needs: NeedsView }) {
  const t = useTranslations('overview.needs');
  return (
    <Panel title={t('title')} flush>
      {items.length === 0 ? (
        <p className="px-4 py-3">
          <Status tone={unread.length === 0 ? 'ok' : 'info'}>
            <span className="whitespace-normal">{t(unread.length === 0 ? 'none' : 'noneKnown')}</span>
          </Status>
        </p>
      ) : (
        <LatePart part={lines} isAwaited>
          {({ NeedLines }) => <NeedLines items={items} />}
        </LatePart>
      )}
      {total > items.length ? (
        <p className="border-t border-line px-4 py-2 text-12 text-ink-2">
          {t.rich('more', {
            count: total - items.length,
            link: (words) => <TextLink href={routes.diversions()}>{words}</TextLink>,
          })}
        </p>
      ) : null}
      {unread.length === 0 ? null : (
        <div className="grid justify-items-start gap-2 border-t border-line px-4 py-2 text-12">
          <ul>
            {unread.map(({ source, code }) => (
              <li key={source}>
                <Status tone="warn">
                  <span className="whitespace-normal">{t(`source.${source}`, { code })}</span>
                </Status>
              </li>
            ))}
          </ul>
          <RetryParts />
        </div>
      )}
    </Panel>
  );
}
