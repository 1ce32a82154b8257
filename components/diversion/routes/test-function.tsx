'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentProps, useState } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { Button } from '@/components/ui/button';
import { DialogPart } from '@/components/ui/dialog';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { optionKey } from '@/lib/draft/function-key';
import type { RouteProps } from './route-form';
import type { TestInvocationControls } from './use-test-invocations';

const parts = onDemand(() => import('./test-parts'));

type TestFunctionProps = {
  readonly trying: TestInvocationControls;
  readonly account: string;
  readonly route: RouteProps<FunctionRouteDraft>['route'];
};

/** The button that makes a test invocation of a function, once that is confirmed. */
export function TestFunction({ trying, account, route }: TestFunctionProps) {
  const t = useTranslations('diversion');
  const [isOpen, setOpen] = useState(false);
  const { state } = trying.stateOf(route.function);
  if (!useMay('runCode')) return null;
  const start = () => {
    setOpen(false);
    trying.start(route);
  };
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        icon={<Play aria-hidden />}
        disabled={optionKey(route.function) === ''}
        busy={state === 'sending' || state === 'running'}
        onClick={() => setOpen(true)}
      >
        {t('testFunction')}
      </Button>
      <DialogPart part={parts} open={isOpen} onClose={() => setOpen(false)}>
        {({ TestDialog }) => (
          <TestDialog open={isOpen} onOpenChange={setOpen} onStart={start} {...{ account, route }} />
        )}
      </DialogPart>
    </>
  );
}

type OutcomeProps = ComponentProps<typeof import('./test-parts').TestOutcome>;

/** The outcome of a test invocation, once there is one. */
export function LateOutcome(props: OutcomeProps) {
  const t = useTranslations('ui');
  const isNeeded = props.tried.state !== 'none';
  const part = usePart(parts, isNeeded);
  if (!isNeeded || part === null) return null;
  return part === 'missing' ? (
    <p role="alert" className="text-12 text-bad-ink">
      {t('partMissing')}
    </p>
  ) : (
    <part.TestOutcome {...props} />
  );
}
