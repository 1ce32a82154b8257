import type {
  DescribeDomainListRequest,
  DescribeDomainListResponse,
  DomainListItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldZone } from '../../world/dnspod';
import type { AccountWorld } from '../../world/world';
import { action, type Changed, type WithNull } from '../action';
import { entry } from '../entry';
import { page } from '../paging';
import { planFacts } from './plans';

type ZoneAnswer = WithNull<DomainListItem, 'TagList'>;
type Answer = Changed<DescribeDomainListResponse, { DomainList: ZoneAnswer[] }>;

const isPaid = (zone: WorldZone) => planFacts(zone.grade).paid;

const types: Readonly<Record<string, (zone: WorldZone) => boolean>> = {
  ALL: () => true,
  MINE: () => true,
  RECENT: () => true,
  VIP: isPaid,
  FREE: (zone) => !isPaid(zone),
  PAUSE: (zone) => !zone.enabled,
  SHARE: () => false,
  SHARE_OUT: () => false,
  ISMARK: () => false,
};

function zoneAnswer(account: AccountWorld, zone: WorldZone): ZoneAnswer {
  const plan = planFacts(zone.grade);
  const servers = zone.records
    .filter((record) => record.defaultNs)
    .map((record) => record.value.replace(/\.$/, ''));
  const changed = Math.max(zone.createdAt, ...zone.records.map((record) => record.updatedAt));
  return {
    DomainId: zone.id,
    Name: zone.name,
    Punycode: zone.name,
    Status: zone.enabled ? 'ENABLE' : 'PAUSE',
    DNSStatus: zone.dnsStatus,
    EffectiveDNS: servers,
    Grade: zone.grade,
    GradeLevel: plan.level,
    GradeTitle: plan.title,
    IsVip: plan.paid ? 'YES' : 'NO',
    VipStartAt: plan.paid ? cloudTime(zone.createdAt) : '0000-00-00 00:00:00',
    VipEndAt: plan.paid ? cloudTime(zone.createdAt + 730 * 86_400_000) : '0000-00-00 00:00:00',
    VipAutoRenew: plan.paid ? 'YES' : 'DEFAULT',
    TTL: 600,
    RecordCount: zone.records.length,
    GroupId: 1,
    CNAMESpeedup: 'DISABLE',
    SearchEnginePush: 'NO',
    Remark: '',
    Owner: `qcloud_uin_${account.uin}@qcloud.com`,
    CreatedOn: cloudTime(zone.createdAt),
    UpdatedOn: cloudTime(changed),
    TagList: [],
  };
}

/** https://cloud.tencent.com/document/api/1427/56172 (limit 3000 by default; more is not documented). */
export const describeDomainList = action<DescribeDomainListRequest, Answer>((request, { account }) => {
  const ofType = entry(types, request.Type ?? 'ALL');
  if (!ofType) {
    throw new ApiError(
      'InvalidParameterValue',
      `The parameter \`Type\` must be one of ${Object.keys(types)}.`,
    );
  }
  const zones = Object.values(account.zones).toSorted((a, b) => a.id - b.id);
  const found = zones.filter((zone) => ofType(zone) && zone.name.includes(request.Keyword ?? ''));
  const count = (test: (zone: WorldZone) => boolean) => zones.filter(test).length;
  return {
    DomainCountInfo: {
      DomainTotal: found.length,
      AllTotal: zones.length,
      MineTotal: zones.length,
      ShareTotal: 0,
      ShareOutTotal: 0,
      VipTotal: count(isPaid),
      PauseTotal: count((zone) => !zone.enabled),
      ErrorTotal: count((zone) => zone.dnsStatus !== ''),
      LockTotal: 0,
      SpamTotal: 0,
      VipExpire: 0,
      GroupTotal: 0,
    },
    DomainList: page(found, request, { fallback: 3000, max: 3000 }).map((zone) => zoneAnswer(account, zone)),
  };
});
