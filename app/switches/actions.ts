'use server';

import type {
  AddSwitchAction,
  ArmSwitchAction,
  DisarmSwitchAction,
  MoveSwitchAction,
  RemoveSwitchAction,
} from '@/lib/client/actions';
import {
  addSwitch as add,
  armSwitch as arm,
  disarmSwitch as disarm,
  moveSwitch as move,
  removeSwitch as remove,
} from '@/lib/server/switches/change-switches';

export const addSwitchAction: AddSwitchAction = async (input) => add(input);
export const removeSwitchAction: RemoveSwitchAction = async (switchId) => remove(switchId);
export const armSwitchAction: ArmSwitchAction = async (input) => arm(input);
export const disarmSwitchAction: DisarmSwitchAction = async (switchId) => disarm(switchId);
export const moveSwitchAction: MoveSwitchAction = async (input) => move(input);
