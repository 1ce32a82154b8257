'use client';

import type { ComponentProps } from 'react';
import { CreateFunction } from '@/components/diversion/function/create-function';
import { DeployAnnouncement } from '@/components/diversion/function/deploy-progress';
import { helloClbBody, isHelloClb } from '@/components/diversion/function/hello-clb';
import { CreatingDialog } from './creating-dialog';

type Deployed = Parameters<ComponentProps<typeof CreateFunction>['onDeploy']>;

type CreatingDialogsProps = {
  readonly resource: ComponentProps<typeof CreatingDialog>;
  readonly fn: Omit<ComponentProps<typeof CreateFunction>, 'onDeploy'> & {
    readonly onDeploy: (...deployed: [...Deployed, body: string]) => void;
  };
};

/** The dialogs that create resources. */
export function CreatingDialogs({ resource, fn }: CreatingDialogsProps) {
  return (
    <>
      <CreatingDialog {...resource} />
      <CreateFunction
        {...fn}
        onDeploy={(form, ...where) => fn.onDeploy(form, ...where, isHelloClb(form.code) ? helloClbBody : '')}
      />
      <DeployAnnouncement deployment={fn.deployment} />
    </>
  );
}
