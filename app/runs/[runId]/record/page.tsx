import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { orForbidden } from '@/app/or-forbidden';
import { RunRecordReport } from '@/components/audit/run-record-report';
import { getRunRecord } from '@/lib/server/runs/get-run-record';

type Props = { readonly params: Promise<{ runId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).runId };
}

/** A page to print or to save as PDF: it has no navigation. */
export default async function RunRecordPage({ params }: Props) {
  const record = await orForbidden(getRunRecord((await params).runId));
  if (record === null) notFound();
  return <RunRecordReport record={record} madeAt={new Date().toISOString()} />;
}
