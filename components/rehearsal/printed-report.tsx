'use client';

import { Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/text-link';
import type { RehearsalView } from '@/lib/contract/rehearsal';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { routes } from '@/lib/routes';
import { DrillPanel } from './drill-panel';
import { ReportBody } from './report-body';

type PrintedReportProps = Pick<
  RehearsalView,
  'id' | 'name' | 'planId' | 'diversionId' | 'drill' | 'settings'
> & {
  readonly report: RehearsalReport;
};

/** The report of a rehearsal, to print. */
export function PrintedReport({ id, name, report, drill, settings, ...view }: PrintedReportProps) {
  const t = useTranslations('rehearsal');
  return (
    <main className="mx-auto grid w-full max-w-240 gap-6 bg-surface px-6 py-6 text-ink print:max-w-none print:p-0">
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <TextLink href={routes.rehearsal(id)}>{id}</TextLink>
        <span className="ml-auto">
          <Button size="sm" icon={<Printer aria-hidden />} onClick={() => window.print()}>
            {t('page.print')}
          </Button>
        </span>
      </div>
      <h1>{t('page.heading', { name, id, plan: view.planId, verdict: (drill ?? report).verdict })}</h1>
      {drill === null ? null : (
        <>
          <DrillPanel drill={drill} goal={settings.goals.lostShare} />
          <h2>{t('drill.worst', { seed: String(report.seed) })}</h2>
        </>
      )}
      <ReportBody report={report} view={view} />
    </main>
  );
}
