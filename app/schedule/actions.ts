'use server';

import type { ClearEmergencyStopAction, SetEmergencyStopAction } from '@/lib/client/actions';
import {
  clearEmergencyStop as release,
  setEmergencyStop as stop,
} from '@/lib/server/settings/set-emergency-stop';

export const setEmergencyStopAction: SetEmergencyStopAction = async (input) => stop(input);

export const clearEmergencyStopAction: ClearEmergencyStopAction = async (input) => release(input);
