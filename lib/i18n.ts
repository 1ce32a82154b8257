import { getRequestConfig } from 'next-intl/server';
import bindings from './messages/en/bindings.json';
import diversion from './messages/en/diversion.json';
import drift from './messages/en/drift.json';
import estate from './messages/en/estate.json';
import history from './messages/en/history.json';
import plan from './messages/en/plan.json';
import preflight from './messages/en/preflight.json';
import run from './messages/en/run.json';
import sandbox from './messages/en/sandbox.json';
import schedule from './messages/en/schedule.json';
import settings from './messages/en/settings.json';
import shell from './messages/en/shell.json';
import switches from './messages/en/switch.json';
import ui from './messages/en/ui.json';

/** All visible text, one namespace for each part of the app. */
export const messages = {
  shell,
  ui,
  estate,
  bindings,
  diversion,
  drift,
  history,
  plan,
  run,
  preflight,
  sandbox,
  schedule,
  settings,
  switch: switches,
};

/** One language without a locale in the path. Times are drawn in the viewer's zone by the browser; UTC until then. */
export default getRequestConfig(async () => ({ locale: 'en', timeZone: 'UTC', messages }));
