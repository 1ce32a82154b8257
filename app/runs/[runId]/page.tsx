import { notFound, redirect } from 'next/navigation';
import { orForbidden } from '@/app/or-forbidden';
import { routes } from '@/lib/routes';
import { getRun } from '@/lib/server/runs/get-run';

type Props = { readonly params: Promise<{ runId: string }> };

/** The short address of a run: it leads to the page of its diversion. */
export default async function RunPage({ params }: Props) {
  const { runId } = await params;
  const run = await orForbidden(getRun(runId));
  if (run === null) notFound();
  redirect(routes.diversion(run.diversionId, { run: run.id }));
}
