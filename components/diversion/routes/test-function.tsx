'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { optionKey } from '@/lib/draft/function-key';
import type { RouteProps } from './route-form';
import type { TestInvocationControls } from './use-test-invocations';

type TestFunctionProps = {
  readonly trying: TestInvocationControls;
  readonly account: string;
  readonly route: RouteProps<FunctionRouteDraft>['route'];
};

/**
 * The button that makes a test invocation of a function. It asks for confirmation first, because the function's code
 * really runs.
 */
export function TestFunction({ trying, account, route }: TestFunctionProps) {
  const t = useTranslations('diversion.testInvocation');
  const [isOpen, setOpen] = useState(false);
  const { namespace, name, qualifier } = route.function;
  const { state } = trying.stateOf(route.function);
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
        {t('open')}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('title', { function: `${namespace}/${name}:${qualifier}` })}
        description={t('description', { account })}
        icon={<Play aria-hidden />}
        action={
          <Button variant="primary" onClick={start}>
            {t('start')}
          </Button>
        }
      >
        <p className="text-12 text-ink-2">{t('event', { host: route.domain || t('noDomain') })}</p>
      </Dialog>
    </>
  );
}
