'use server';

import { z } from 'zod';
import type { ChangeFunctionActions } from '@/lib/contract/function';
import { functionChangeForms as forms } from '@/lib/estate/functions/function-change';
import { verb } from '@/lib/server/verb';
import {
  ChangeInput,
  checkTyped,
  getFunctionScope,
  refuseBeyondRoom,
  refuseUnapprovedMove,
  refuseUsed,
  storeFunctionChange,
} from './store-function-change';

type Answered<Name extends keyof ChangeFunctionActions> = ReturnType<ChangeFunctionActions[Name]>;

/** Publishes the code of `$LATEST` as a version. */
export const publishVersion = verb(
  'function.publish',
  ChangeInput.extend({ change: forms.publish }),
  getFunctionScope,
  async ({ change, ...about }, actor): Answered<'publishVersion'> =>
    storeFunctionChange(about, change, actor),
);

/**
 * Creates an alias, or changes its version and weights. Where plans need approvals, an alias that receives traffic can
 * only be changed by a plan.
 */
export const setAlias = verb(
  'function.setAlias',
  ChangeInput.extend({ change: forms.setAlias }),
  getFunctionScope,
  async ({ change, ...about }, actor): Answered<'setAlias'> =>
    storeFunctionChange(about, change, actor, (found) => refuseUnapprovedMove(found, change.alias)),
);

/** Deletes an alias that no rule uses. */
export const deleteAlias = verb(
  'function.deleteAlias',
  ChangeInput.extend({ change: forms.deleteAlias, typedName: z.string().max(80) }),
  getFunctionScope,
  async ({ change, typedName, ...about }, actor): Answered<'deleteAlias'> => {
    const typed = checkTyped(typedName, change.alias);
    if (!typed.ok) return typed;
    return storeFunctionChange(about, change, actor, ({ uses }) =>
      refuseUsed(
        change.alias,
        uses.filter(({ qualifier }) => qualifier === change.alias),
      ),
    );
  },
);

/** Sets the number of warm instances of a version, within the available memory. */
export const setProvisioned = verb(
  'function.setProvisioned',
  ChangeInput.extend({ change: forms.setProvisioned }),
  getFunctionScope,
  async ({ change, ...about }, actor): Answered<'setProvisioned'> =>
    storeFunctionChange(about, change, actor, (found) =>
      refuseBeyondRoom(found, change.after - change.before),
    ),
);

/** Deletes a version that no rule uses. */
export const deleteVersion = verb(
  'function.deleteVersion',
  ChangeInput.extend({ change: forms.deleteVersion, typedName: z.string().max(80) }),
  getFunctionScope,
  async ({ change, typedName, ...about }, actor): Answered<'deleteVersion'> => {
    const typed = checkTyped(typedName, change.version);
    if (!typed.ok) return typed;
    return storeFunctionChange(about, change, actor, ({ uses }) =>
      refuseUsed(
        change.version,
        uses.filter(({ qualifier }) => qualifier === change.version),
      ),
    );
  },
);

/** Deletes a function that no rule uses, with all of its versions, aliases and other triggers. */
export const deleteFunction = verb(
  'function.delete',
  ChangeInput.extend({ typedName: z.string().max(80) }),
  getFunctionScope,
  async ({ typedName, ...about }, actor): Answered<'deleteFunction'> => {
    const typed = checkTyped(typedName, about.name);
    if (!typed.ok) return typed;
    return storeFunctionChange(about, { kind: 'delete' }, actor, ({ uses }) => refuseUsed(about.name, uses));
  },
);
