import { useTranslations } from 'next-intl';
import { useMessage } from '@/components/ui/use-message';
import type { Problem } from '@/lib/run/model/model';

/** The problems that keep a reviewed plan from running, one line each. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const message = useMessage('run.problem');
  const check = useTranslations('preflight.check');
  return (
    <ul className="list-disc pl-4.5">
      {problems.map(({ kind, values }) => {
        // Checks have the same names as on the review page.
        const id = String(values.check ?? '');
        const named = id !== '' && check.has(id) ? { ...values, check: check(id) } : values;
        return <li key={kind}>{message(kind, named)}</li>;
      })}
    </ul>
  );
}
