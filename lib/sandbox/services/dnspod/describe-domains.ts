import type {
  DescribeDomainListRequest,
  DomainInfo,
  DomainListItem,
  PackageDetailItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { invariant } from '@/lib/invariant';
import { allPlans, type DnsPlan } from '@/lib/sandbox/model/dns/plans';
import { entry } from '@/lib/sandbox/model/entry';
import type { WorldZone } from '@/lib/sandbox/world/dnspod';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { action, type WithNull } from '../action';
import { page } from '../paging';
import { requireZone } from './find-objects';
import { defaultGroupId, defaultTtlS, zoneFacts } from './zone-facts';

type ZoneInfo = WithNull<DomainInfo, 'VipStartAt' | 'VipEndAt' | 'VipAutoRenew' | 'VipResourceId'>;
type DomainAnswer = { DomainInfo: ZoneInfo };

/**
 * Returns a zone: https://cloud.tencent.com/document/api/1427/56173. Its values are in lower case, unlike the list's.
 */
export const describeDomain = action<'dnspod.DescribeDomain', DomainAnswer>((request, context) => {
  const zone = requireZone(context, request);
  const facts = zoneFacts(zone);
  const { account } = context;
  const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
  const dnsStatus = zone.dnsStatus.toLowerCase();
  return {
    DomainInfo: {
      DomainId: zone.id,
      Domain: zone.name,
      Punycode: zone.name,
      Status: zone.enabled ? 'enable' : 'pause',
      DnsStatus: dnsStatus,
      DNSStatus: dnsStatus,
      DnspodNsList: [...facts.servers],
      ActualNsList: zone.dnsStatus === '' ? [...facts.servers] : [],
      Grade: zone.grade,
      GradeLevel: facts.plan.level,
      GradeTitle: facts.plan.title,
      IsVip: yesOrNo(facts.isPaid),
      VipStartAt: facts.paidFrom,
      VipEndAt: facts.paidUntil,
      VipAutoRenew: facts.isPaid ? 'yes' : null,
      VipResourceId: null,
      VipBuffered: 'no',
      IsGracePeriod: 'no',
      IsMark: yesOrNo(zone.starred),
      IsSubDomain: false,
      TTL: defaultTtlS,
      RecordCount: zone.records.length,
      GroupId: defaultGroupId,
      CnameSpeedup: 'disable',
      CNAMESpeedup: 'disable',
      SearchEnginePush: 'no',
      SlaveDNS: 'no',
      Remark: zone.remark,
      Owner: `qcloud_uin_${account.uin}@qcloud.com`,
      OwnerNick: account.name,
      UserId: account.appId,
      Uin: account.uin,
      CreatedOn: facts.createdOn,
      UpdatedOn: facts.updatedOn,
      TagList: facts.tags,
    },
  };
});

function packageAnswer(plan: DnsPlan): PackageDetailItem {
  return {
    DomainGrade: plan.code,
    DomainGradeCn: plan.title,
    GradeLevel: plan.level,
    RealPrice: plan.price,
    ChangedTimes: plan.moves,
    MinTtl: plan.minTtlS,
    RecordRoll: plan.sameNameMax,
    SubDomainLevel: plan.levelMax,
    MaxWildcard: plan.wildcardLevelMax,
    DnsServerRegion: plan.serverRegions,
    Ns: [...plan.servers],
  };
}

/** github.com/TencentCloud/tencentcloud-cli, tccli/examples/dnspod/v20210323/DescribePackageDetail.md. */
export const describePackageDetail = action<'dnspod.DescribePackageDetail'>(() => ({
  Info: allPlans().map(packageAnswer),
  LevelMap: allPlans()
    .toSorted((a, b) => a.level - b.level)
    .map((plan) => plan.code),
}));

type ZoneAnswer = WithNull<DomainListItem, 'TagList'>;
type Answer = { DomainList: ZoneAnswer[] };

const isPaid = (zone: WorldZone) => zoneFacts(zone).isPaid;

/** The zones that a `Type` selects; nothing is shared in the sandbox, and the meaning of RECENT is not documented. */
const types: Readonly<Record<string, (zone: WorldZone) => boolean>> = {
  ALL: () => true,
  MINE: () => true,
  SHARE: () => false,
  ISMARK: (zone) => zone.starred,
  PAUSE: (zone) => !zone.enabled,
  VIP: isPaid,
  RECENT: () => true,
  SHARE_OUT: () => false,
  FREE: (zone) => !isPaid(zone),
};

export const domainListTypes: readonly string[] = Object.keys(types);

/** Returns a zone as lists show it. */
function zoneAnswer(account: AccountWorld, zone: WorldZone): ZoneAnswer {
  const facts = zoneFacts(zone);
  return {
    DomainId: zone.id,
    Name: zone.name,
    Punycode: zone.name,
    Status: zone.enabled ? 'ENABLE' : 'PAUSE',
    DNSStatus: zone.dnsStatus,
    EffectiveDNS: [...facts.servers],
    Grade: zone.grade,
    GradeLevel: facts.plan.level,
    GradeTitle: facts.plan.title,
    IsVip: facts.isPaid ? 'YES' : 'NO',
    VipStartAt: facts.paidFrom ?? '0000-00-00 00:00:00',
    VipEndAt: facts.paidUntil ?? '0000-00-00 00:00:00',
    VipAutoRenew: facts.isPaid ? 'YES' : 'DEFAULT',
    TTL: defaultTtlS,
    RecordCount: zone.records.length,
    GroupId: defaultGroupId,
    CNAMESpeedup: 'DISABLE',
    SearchEnginePush: 'NO',
    Remark: zone.remark,
    Owner: `qcloud_uin_${account.uin}@qcloud.com`,
    CreatedOn: facts.createdOn,
    UpdatedOn: facts.updatedOn,
    TagList: facts.tags,
  };
}

/** Returns whether a zone has every requested tag, with one of the values named, or with any. */
function hasTags(zone: WorldZone, tags: DescribeDomainListRequest['Tags'] = []): boolean {
  return tags.every(({ TagKey: key, TagValue: values = [] }) => {
    const value = entry(zone.tags, key);
    return value !== undefined && (values.length === 0 || values.includes(value));
  });
}

/** Returns the counts of a list of zones: of those found, and of all in the account. */
function domainCounts(zones: readonly WorldZone[], found: readonly WorldZone[]) {
  const count = (test: (zone: WorldZone) => boolean) => zones.filter(test).length;
  return {
    DomainTotal: found.length,
    AllTotal: zones.length,
    MineTotal: zones.length,
    ShareTotal: 0,
    ShareOutTotal: 0,
    VipTotal: count(isPaid),
    PauseTotal: count((zone) => !zone.enabled),
    ErrorTotal: count((zone) => zone.dnsStatus !== ''),
    LockTotal: count((zone) => zone.locked),
    SpamTotal: 0,
    VipExpire: 0,
    GroupTotal: 0,
  };
}

/** Lists zones (limit 3000 by default; more is not documented): https://cloud.tencent.com/document/api/1427/56172. */
export const describeDomainList = action<'dnspod.DescribeDomainList', Answer>((request, { account }) => {
  const ofType = entry(types, request.Type ?? 'ALL');
  invariant(ofType, 'the value rules let no other type through');
  const { Keyword: keyword = '', GroupId: group = defaultGroupId } = request;
  const zones = Object.values(account.zones).toSorted((a, b) => a.id - b.id);
  const found = zones.filter(
    (zone) =>
      ofType(zone) &&
      group === defaultGroupId &&
      zone.name.includes(keyword.toLowerCase()) &&
      hasTags(zone, request.Tags),
  );
  return {
    DomainCountInfo: domainCounts(zones, found),
    DomainList: page(found, request, { fallback: 3000, max: 3000 }).map((zone) => zoneAnswer(account, zone)),
  };
});
