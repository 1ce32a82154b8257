import type {
  DescribeCustomizedConfigAssociateListResponse,
  DescribeCustomizedConfigListResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import type { CustomConfig } from '@/lib/estate/account-model';
import { ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import { type OnOdd, type Page, readEach } from '../call/pages';
import { list, text } from './wire';

/** A comment up to the end of its line, a quoted word, the end of a directive, or a bare word. */
const token = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(;)|[^\s;"']+/gs;

/**
 * Parses the directives of a custom configuration, as `['proxy_read_timeout', '60s']`: nginx's own, each ended by `;`
 * (https://www.tencentcloud.com/document/product/214/32427). The cloud validated the text when it accepted it.
 */
function readDirectives(text: string): readonly (readonly string[])[] {
  const directives: string[][] = [];
  let words: string[] = [];
  for (const match of text.matchAll(token)) {
    const [all, double, single, end] = match;
    if (all.startsWith('#')) continue;
    if (end === undefined) {
      words.push((double ?? single)?.replace(/\\(.)/gs, '$1') ?? all);
      continue;
    }
    if (words.length > 0) directives.push(words);
    words = [];
  }
  return directives;
}

type Facts = Omit<CustomConfig, 'id' | 'name' | 'region' | 'scope' | 'bindings'>;

/** Parses nginx's times: `60s`, `60`, `5m`, `1h`. Returns null for anything else. */
function parseSeconds(word: string | undefined): number | null {
  const [, digits, unit = 's'] = /^(\d{1,9})([smh])?$/.exec(word ?? '') ?? [];
  if (digits === undefined) return null;
  return Number(digits) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
}

/** Parses nginx's sizes, in MB: `60M`, `4k`, `1g`, or bytes. Returns null for anything else. */
function parseMegabytes(word: string | undefined): number | null {
  const [, digits, unit = ''] = /^(\d{1,12})([kmg])?$/i.exec(word ?? '') ?? [];
  if (digits === undefined) return null;
  return Number(digits) * ({ k: 1 / 1024, m: 1, g: 1024 }[unit.toLowerCase()] ?? 1 / 1_048_576);
}

/** Returns a configuration's effects on requests, as far as they matter to a function behind it. */
export function parseFacts(content: string): Facts {
  const directives = readDirectives(content);
  const sets = (header: string, variable: string) =>
    directives.some(
      ([name, key, value]) =>
        name === 'proxy_set_header' && key?.toLowerCase() === header && value === variable,
    );
  const findWord = (directive: string) => directives.find(([name]) => name === directive)?.[1];
  return {
    addsMethodHeader: sets('x-method', '$request_method'),
    addsUriHeader: sets('x-uri', '$uri'),
    readTimeoutS: parseSeconds(findWord('proxy_read_timeout')),
    bodyMaxMb: parseMegabytes(findWord('client_max_body_size')),
    tlsVersions: directives.find(([name]) => name === 'ssl_protocols')?.slice(1) ?? null,
    directives: [...new Set(directives.map(([name = '']) => name))].toSorted(),
  };
}

const WireConfig = z.object({ UconfigId: z.string().min(1), ConfigName: text, ConfigContent: text });

const ConfigsAnswer = z.object({ TotalCount: z.number().int(), ConfigList: list(z.unknown()) });

/** Converts custom configurations of one scope, without what they are bound to. */
export function toCustomConfigs(
  answer: DescribeCustomizedConfigListResponse,
  place: Pick<CustomConfig, 'region' | 'scope'>,
  onOdd: OnOdd,
): Page<Omit<CustomConfig, 'bindings'>> {
  const { ConfigList, TotalCount: total } = ConfigsAnswer.parse(answer);
  const items = readEach(WireConfig, ConfigList, 'UconfigId', onOdd).map(
    ({ UconfigId: id, ConfigName: name, ConfigContent: content }) => ({
      id,
      name: name ?? id,
      ...place,
      ...parseFacts(content ?? ''),
    }),
  );
  return { items, total, count: ConfigList.length };
}

const WireBind = z.object({
  UconfigId: z.string().min(1),
  LoadBalancerId,
  ListenerId: text.pipe(ListenerId.nullable()),
  Domain: text,
  LocationId: text.pipe(RuleId.nullable()),
});

const BindsAnswer = z.object({ TotalCount: z.number().int(), BindList: list(z.unknown()) });

export type ConfigBinding = CustomConfig['bindings'][number] & { readonly configId: string };

/** Converts the bindings of a region's custom configurations. */
export function toConfigBindings(
  answer: DescribeCustomizedConfigAssociateListResponse,
  onOdd: OnOdd,
): Page<ConfigBinding> {
  const { BindList, TotalCount: total } = BindsAnswer.parse(answer);
  const items = readEach(WireBind, BindList, 'UconfigId', onOdd).map((bound) => ({
    configId: bound.UconfigId,
    loadBalancerId: bound.LoadBalancerId,
    listenerId: bound.ListenerId,
    domain: bound.Domain,
    ruleId: bound.LocationId,
  }));
  return { items, total, count: BindList.length };
}
