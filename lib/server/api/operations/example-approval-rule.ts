import type { ApprovalRule } from '@/lib/policy/approval-rules';

/** Two others approve what moves traffic of the shop in a real account, within a day. */
export const exampleApprovalRule: ApprovalRule = {
  name: 'Shop',
  match: { kind: 'tencent', connectionId: null, region: null, domain: '*.example.com' },
  from: { writes: null, dnsWrites: 1, routes: null, sharePercent: null, warnings: true },
  approvals: 2,
  selfApproval: false,
  expiresAfterH: 24,
  breakGlass: true,
};
