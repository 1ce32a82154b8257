import 'server-only';
import { z } from 'zod';
import { Limits } from '@/lib/policy/access';
import { ApprovalRule } from '@/lib/policy/approval-rules';
import { defaultPolicy } from '@/lib/policy/policy';
import { roles } from '@/lib/policy/roles';
import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  testAlertChannel,
} from '@/lib/server/alerts/change-channels';
import { listAlertChannels } from '@/lib/server/alerts/list-channels';
import { createToken, revokeToken } from '@/lib/server/auth/change-tokens';
import { inviteUser, removeUser, setUserGrants } from '@/lib/server/auth/change-users';
import { listTokens } from '@/lib/server/auth/list-tokens';
import { listUsers } from '@/lib/server/auth/list-users';
import { createFeed, revokeFeed } from '@/lib/server/calendar/change-feeds';
import { listFeeds } from '@/lib/server/calendar/read-feeds';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { getApprovalPolicy } from '@/lib/server/settings/get-approval-policy';
import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';
import { listFreezes } from '@/lib/server/settings/list-freezes';
import { listPolicies } from '@/lib/server/settings/list-policies';
import { listVantagePoints } from '@/lib/server/settings/read-vantage-points';
import { setApprovalPolicy } from '@/lib/server/settings/set-approval-policy';
import { clearEmergencyStop, setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { setPolicy } from '@/lib/server/settings/set-policy';
import { addVantagePoint, removeVantagePoint } from '@/lib/server/settings/vantage-points';
import type { Operation } from './operation';

const byId = { key: ({ id }: { readonly id: number }) => id };

/** Policies, freezes, the pause of all changes, feeds, people and tokens. */
export const settingsOperations = [
  {
    name: 'emergencyStop.get',
    method: 'GET',
    path: '/emergency-stop',
    summary: 'Returns whether all changes are paused, with the log',
    run: getEmergencyStop,
  },
  {
    name: 'emergencyStop.set',
    method: 'POST',
    path: '/emergency-stop',
    summary: 'Pauses all changes',
    run: setEmergencyStop,
    example: { reason: 'The shop is down.' },
    answer: z.object({ paused: z.int() }),
  },
  {
    name: 'emergencyStop.clear',
    method: 'POST',
    path: '/emergency-stop/clear',
    summary: 'Resumes changes',
    run: clearEmergencyStop,
    example: { reason: 'The shop is back.' },
    answer: z.object({ resumed: z.int() }),
  },
  {
    name: 'changeFreeze.list',
    method: 'GET',
    path: '/change-freezes',
    summary: 'Lists the change freezes',
    run: listFreezes,
    list: byId,
  },
  {
    name: 'changeFreeze.add',
    method: 'POST',
    path: '/change-freezes',
    summary: 'Adds a change freeze',
    run: addFreeze,
    example: {
      name: 'Year end',
      span: { kind: 'once', from: '2030-12-24T00:00:00.000Z', to: '2031-01-02T00:00:00.000Z' },
    },
  },
  {
    name: 'changeFreeze.remove',
    method: 'DELETE',
    path: '/change-freezes/{freezeId}',
    summary: 'Removes a change freeze',
    run: removeFreeze,
  },
  {
    name: 'vantagePoint.list',
    method: 'GET',
    path: '/vantage-points',
    summary: 'Lists the public resolvers that runs of real accounts ask',
    run: listVantagePoints,
    list: byId,
  },
  {
    name: 'vantagePoint.add',
    method: 'POST',
    path: '/vantage-points',
    summary: 'Adds a public resolver that runs of real accounts ask',
    run: addVantagePoint,
    example: { name: 'DNSPod Public DNS', address: '119.29.29.29' },
    answer: z.object({ id: z.int() }),
  },
  {
    name: 'vantagePoint.remove',
    method: 'DELETE',
    path: '/vantage-points/{id}',
    summary: 'Removes a public resolver',
    run: removeVantagePoint,
  },
  {
    name: 'policy.list',
    method: 'GET',
    path: '/policies',
    summary: 'Returns the policies by kind of connection',
    run: listPolicies,
  },
  {
    name: 'policy.set',
    method: 'PUT',
    path: '/policies/{kind}',
    summary: 'Sets the policy for plans on connections of a kind',
    run: setPolicy,
    example: { ...defaultPolicy, readAt: null },
  },
  {
    name: 'approvalPolicy.get',
    method: 'GET',
    path: '/approval-policy',
    summary: 'Returns the approval rules, in order',
    run: getApprovalPolicy,
    answer: z.looseObject({ rules: z.array(ApprovalRule) }),
  },
  {
    name: 'approvalPolicy.set',
    method: 'PUT',
    path: '/approval-policy',
    summary: 'Sets the approval rules. Refused to tokens of people',
    run: setApprovalPolicy,
    example: {
      // Two others approve what moves traffic of the shop in a real account, within a day.
      rules: [
        {
          name: 'Shop',
          match: { kind: 'tencent', connectionId: null, region: null, domain: '*.example.com' },
          from: { writes: null, dnsWrites: 1, routes: null, sharePercent: null, warnings: true },
          approvals: 2,
          selfApproval: false,
          expiresAfterH: 24,
          rehearsedWithinH: null,
          breakGlass: true,
        },
      ],
      readAt: null,
    },
  },
  {
    name: 'calendarFeed.list',
    method: 'GET',
    path: '/calendar-feeds',
    summary: 'Lists the calendar feeds, without their addresses',
    run: listFeeds,
    list: byId,
  },
  {
    name: 'calendarFeed.create',
    method: 'POST',
    path: '/calendar-feeds',
    summary: 'Creates a calendar feed; its address is in this answer only',
    run: createFeed,
    example: { name: 'Phone' },
    answer: z.object({ token: z.string(), url: z.string() }),
    isSecret: true,
  },
  {
    name: 'calendarFeed.revoke',
    method: 'DELETE',
    path: '/calendar-feeds/{feedId}',
    summary: 'Revokes a calendar feed',
    run: revokeFeed,
  },
  {
    name: 'alertChannel.list',
    method: 'GET',
    path: '/alert-channels',
    summary: 'Returns the channels of alerts, without their targets, and the newest deliveries',
    run: listAlertChannels,
  },
  {
    name: 'alertChannel.add',
    method: 'POST',
    path: '/alert-channels',
    summary: 'Adds a channel of alerts; the signing secret of a webhook is in this answer only',
    run: addAlertChannel,
    example: {
      name: 'On-call',
      kind: 'webhook',
      url: 'https://hooks.example.com/spillway',
      secret: null,
      events: ['stopped', 'guardBreach', 'failover', 'startsSoon'],
      minSeverity: 'info',
      connectionId: null,
      regions: [],
      domains: ['*.example.com'],
      leadMinutes: [60, 10],
    },
    answer: z.object({ id: z.string(), secret: z.string().nullable() }),
    isSecret: true,
  },
  {
    name: 'alertChannel.change',
    method: 'PUT',
    path: '/alert-channels/{id}',
    summary: 'Changes a channel; a new signing secret of a webhook is in this answer only',
    run: changeAlertChannel,
    example: { name: 'On-call', events: ['stopped'], connectionId: null, target: null },
    answer: z.object({ secret: z.string().nullable() }),
    isSecret: true,
  },
  {
    name: 'alertChannel.remove',
    method: 'DELETE',
    path: '/alert-channels/{id}',
    summary: 'Removes a channel of alerts',
    run: removeAlertChannel,
  },
  {
    name: 'alertChannel.test',
    method: 'POST',
    path: '/alert-channels/{id}/test',
    summary: 'Sends a test alert to a channel',
    run: testAlertChannel,
  },
  {
    name: 'token.list',
    method: 'GET',
    path: '/tokens',
    summary: "Lists your API tokens, without their values; for an administrator, everyone's",
    run: listTokens,
    list: byId,
    answer: z.array(
      z.looseObject({
        id: z.int(),
        name: z.string(),
        owner: z.string(),
        role: z.enum(roles),
        limits: Limits.nullable(),
        prefix: z.string(),
        expiresAt: z.iso.datetime(),
        isExpired: z.boolean(),
      }),
    ),
  },
  {
    name: 'token.create',
    method: 'POST',
    path: '/tokens',
    summary: 'Creates an API token; its value is in this answer only. Refused to tokens',
    run: createToken,
    example: { name: 'CI', role: 'operator', days: 90 },
    answer: z.object({ id: z.int(), token: z.string(), expiresAt: z.iso.datetime() }),
    isSecret: true,
  },
  {
    name: 'token.revoke',
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'Revokes an API token',
    run: revokeToken,
  },
  {
    name: 'user.list',
    method: 'GET',
    path: '/users',
    summary: 'Returns the accounts of people, and unused set-up links',
    run: listUsers,
  },
  {
    name: 'user.invite',
    method: 'POST',
    path: '/users/invite',
    summary: 'Creates a set-up link for a person; its token is in this answer only',
    run: inviteUser,
    example: {
      email: 'budi@example.com',
      grants: [{ role: 'operator', connections: null, regions: null, domains: ['*.shop.example.co.id'] }],
    },
    answer: z.object({ token: z.string() }),
    isSecret: true,
  },
  {
    name: 'user.setGrants',
    method: 'PUT',
    path: '/users/{id}/grants',
    summary: 'Gives a person other roles, each with its limits',
    run: setUserGrants,
    example: { grants: [{ role: 'viewer', connections: null, regions: null, domains: null }] },
  },
  {
    name: 'user.remove',
    method: 'DELETE',
    path: '/users/{id}',
    summary: 'Removes the account of a person and ends their sessions',
    run: removeUser,
  },
] as const satisfies readonly Operation[];
