import { useCheckName } from '@/components/steps/use-check-name';
import { useMessage } from '@/components/ui/use-message';
import type { Problem } from '@/lib/run/model/model';

/** The problems that keep a reviewed plan from running, one line each. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const message = useMessage('run.problem');
  const nameCheck = useCheckName();
  return (
    <ul className="list-disc pl-4.5">
      {problems.map(({ kind, values }) => (
        <li key={kind}>{message(kind, nameCheck(values))}</li>
      ))}
    </ul>
  );
}
