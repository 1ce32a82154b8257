'use client';

import { Status } from '@/components/ui/chip';
import { useMessage } from '@/components/ui/use-message';
import type { DiversionFacts } from '@/lib/contract/diversion';

type Template = Extract<DiversionFacts['series'], { readonly kind: 'template' }>;

/** The reason why a diversion does not repeat. Its words are loaded in the browser. */
export function SeriesFault({ problem }: { readonly problem: NonNullable<Template['problem']> }) {
  const message = useMessage('ui.refusal');
  return (
    <Status tone="bad">
      <span className="whitespace-normal">{message(problem.message, problem.values)}</span>
    </Status>
  );
}
