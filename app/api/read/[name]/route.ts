import type { ActionError } from '@/lib/contract/answer';
import type { ReadName, Reads } from '@/lib/contract/reads';
import type { Result } from '@/lib/result';
import { listAlertChannels } from '@/lib/server/alerts/list-channels';
import { getTrafficHistory } from '@/lib/server/capacity/get-history';
import { listHistoryPlaces } from '@/lib/server/capacity/list-places';
import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import { ofConnection } from '@/lib/server/connections/of-connection';
import { getDrift } from '@/lib/server/drift/get-drift';
import { getEstate, getEstateSummary } from '@/lib/server/estate/get-estate';
import { getPastEstate } from '@/lib/server/estate/get-past-estate';
import { listBindings } from '@/lib/server/estate/list-bindings';
import { listEstateChanges } from '@/lib/server/estate/list-estate-changes';
import { getDeployment } from '@/lib/server/functions/get-deployment';
import { getFunction } from '@/lib/server/functions/get-function';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { listFunctions } from '@/lib/server/functions/list-functions';
import { readFunctionPart } from '@/lib/server/functions/read-function-part';
import { getRail } from '@/lib/server/operations/get-rail';
import { getOverview } from '@/lib/server/overview/get-overview';
import { checkClock } from '@/lib/server/plans/check-clock';
import { getRehearsal, listRehearsals } from '@/lib/server/rehearsals/get-rehearsal';
import { readRoute } from '@/lib/server/route';
import { getRunConvergence } from '@/lib/server/runs/get-convergence';
import { getRunForecast } from '@/lib/server/runs/get-forecast';
import { getRun } from '@/lib/server/runs/get-run';
import { getRunCharts } from '@/lib/server/runs/get-run-charts';
import { getSchedule } from '@/lib/server/runs/get-schedule';
import { listSafetyRules } from '@/lib/server/safety/list-safety-rules';
import { getSandbox } from '@/lib/server/sandbox/get-sandbox';
import { searchObjects } from '@/lib/server/search/search-objects';
import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';
import { listVantagePoints } from '@/lib/server/settings/read-vantage-points';
import { getSwitchboard } from '@/lib/server/switches/get-switchboard';
import { getMap, getNode, listRoutes } from '@/lib/server/topology/get-topology';

type Answer<Name extends ReadName> = Reads[Name]['answer'] | Result<Reads[Name]['answer'], ActionError>;

/** The queries of open pages. */
const reads: { readonly [Name in ReadName]: (input: Reads[Name]['input']) => Promise<Answer<Name>> } = {
  'alertChannel.list': listAlertChannels,
  'binding.list': ofConnection(listBindings),
  'capacity.listPlaces': ofConnection(listHistoryPlaces),
  'capacity.readHistory': ofConnection(getTrafficHistory),
  'connection.listSettings': listConnectionSettings,
  'deployment.get': getDeployment,
  'drift.get': ofConnection(getDrift),
  'emergencyStop.get': getEmergencyStop,
  'estate.get': ofConnection(getEstate),
  'estate.getMap': ofConnection(getMap),
  'estate.getNode': ofConnection(getNode),
  'estate.getPast': ofConnection(getPastEstate),
  'estate.getSummary': ofConnection(getEstateSummary),
  'estate.listChanges': ofConnection(listEstateChanges),
  'estate.listRoutes': ofConnection(listRoutes),
  'function.get': ofConnection(getFunction),
  'function.list': ofConnection(listFunctions),
  'function.listTestInvocations': ofConnection(getTestInvocations),
  'function.read': ofConnection(readFunctionPart),
  'navigation.count': getRail,
  'object.search': searchObjects,
  'overview.get': getOverview,
  'plan.check': checkClock,
  'rehearsal.get': getRehearsal,
  'rehearsal.list': listRehearsals,
  'run.get': getRun,
  'run.getCharts': getRunCharts,
  'run.getConvergence': getRunConvergence,
  'run.getForecast': getRunForecast,
  'safetyRule.list': listSafetyRules,
  'sandbox.get': getSandbox,
  'schedule.get': getSchedule,
  'switch.list': getSwitchboard,
  'vantagePoint.list': listVantagePoints,
};

export const GET = readRoute(reads);
