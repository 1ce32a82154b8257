import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { orForbidden } from '@/app/or-forbidden';
import { PrintedReport } from '@/components/rehearsal/printed-report';
import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';

type Props = { readonly params: Promise<{ rehearsalId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).rehearsalId };
}

/** A page to print or to save as PDF: it has no navigation. */
export default async function RehearsalReportPage({ params }: Props) {
  const view = await orForbidden(getRehearsal((await params).rehearsalId));
  if (view?.report == null) notFound();
  const { id, name, planId, diversionId, settings, drill, report } = view;
  return <PrintedReport {...{ id, name, planId, diversionId, settings, drill, report }} />;
}
