import { Download, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import type { AuditFilterView, AuditListView } from '@/lib/client/audit-views';
import { routes } from '@/lib/routes';
import { AuditEntryLine } from './audit-entry';
import { AuditFilters } from './audit-filters';

/** Returns the search of an address: the filter, and further parameters. */
function writeSearch(filter: AuditFilterView, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query}`;
}

type AuditScreenProps = {
  readonly view: AuditListView;
  /** True unless this is the page with the newest entries. */
  readonly isOlder: boolean;
};

/** The audit log: who did what, when and from where, the newest first, with its filter and its export. */
export function AuditScreen({ view, isOlder }: AuditScreenProps) {
  const t = useTranslations('audit');
  const { entries, next, head, filter } = view;
  const search = writeSearch(filter);
  return (
    <PageFrame>
      <Panel
        flush
        title={t('entries')}
        aside={
          <a
            href={routes.api.auditFile(search)}
            download
            className="inline-flex items-center gap-1 text-12 font-medium text-accent underline decoration-accent-line underline-offset-2"
          >
            <Download aria-hidden className="size-3.5" />
            {t('export')}
          </a>
        }
        footer={
          <span className="flex flex-wrap items-center gap-x-2">
            {t('head', { seq: head.seq })}
            <Copyable value={`${head.seq}:${head.hash}`} />
          </span>
        }
      >
        <AuditFilters {...view} />
        {entries.length === 0 ? (
          <p className="border-t border-line px-4 py-3 text-12 text-ink-2">{t('nothing')}</p>
        ) : (
          <ol aria-label={t('entries')} className="border-t border-line">
            {entries.map((entry) => (
              <AuditEntryLine key={entry.seq} entry={entry} />
            ))}
          </ol>
        )}
      </Panel>
      <nav aria-label={t('pages')} className="flex gap-2">
        {isOlder ? <ButtonLink href={routes.audit(search)}>{t('newest')}</ButtonLink> : null}
        {next === null ? null : (
          <ButtonLink href={routes.audit(writeSearch(filter, { before: String(next) }))}>
            {t('older')}
          </ButtonLink>
        )}
      </nav>
    </PageFrame>
  );
}

/** Shown to those who may not read the audit log. */
export function AuditRefused() {
  const t = useTranslations('audit');
  return (
    <EmptyState icon={<ScrollText aria-hidden />} title={t('refusedTitle')}>
      {t('refusedText')}
    </EmptyState>
  );
}
