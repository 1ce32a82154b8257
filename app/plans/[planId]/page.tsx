import { notFound, redirect } from 'next/navigation';
import { orForbidden } from '@/app/or-forbidden';
import { routes } from '@/lib/routes';
import { getPlan } from '@/lib/server/plans/get-plan';

type Props = { readonly params: Promise<{ planId: string }> };

/** The short address of a plan: it leads to the page of its diversion. */
export default async function PlanPage({ params }: Props) {
  const { planId } = await params;
  const view = await orForbidden(getPlan(planId));
  if (view === null) notFound();
  redirect(routes.diversion(view.diversionId, { plan: view.id }));
}
