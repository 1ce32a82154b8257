'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { optionKey } from '@/lib/draft/function-key';
import type { RouteProps } from './route-form';
import { TestDialog } from './test-dialog';
import type { TestInvocationControls } from './use-test-invocations';

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
      <TestDialog open={isOpen} onOpenChange={setOpen} onStart={start} {...{ account, route }} />
    </>
  );
}
