import { useTranslations } from 'next-intl';
import { useMessage } from '@/components/ui/use-message';
import type { Problem } from '@/lib/run/model';

/** What keeps a reviewed plan from running, a line each. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const message = useMessage('run.problem');
  const check = useTranslations('preflight.check');
  return (
    <ul className="list-disc pl-4.5">
      {problems.map(({ kind, values }) => {
        // Checks are named on screen as on the review page.
        const id = String(values.check ?? '');
        const named = id !== '' && check.has(id) ? { ...values, check: check(id) } : values;
        return <li key={kind}>{message(kind, named)}</li>;
      })}
    </ul>
  );
}
