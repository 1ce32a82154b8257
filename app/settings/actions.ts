'use server';

import type { AddFreezeAction, RemoveFreezeAction, SetPolicyAction } from '@/lib/client/actions';
import { addFreeze as add, removeFreeze as remove } from '@/lib/server/settings/change-freezes';
import { setPolicy as set } from '@/lib/server/settings/set-policy';

export const addFreezeAction: AddFreezeAction = async (input) => add(input);

export const removeFreezeAction: RemoveFreezeAction = async (id) => remove(id);

export const setPolicyAction: SetPolicyAction = async (input) => set(input);
