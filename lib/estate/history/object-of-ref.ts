import type { EstateList, EstateObject } from '@/lib/estate/estate-lists';
import type { DnsRecord, Listener, LoadBalancer, Rule, ScfFunction } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';

/** Returns whether an object of an estate is the one that a reference names, or one of the records that it names. */
export function isOfRef(ref: ObjectRef, list: EstateList, object: EstateObject): boolean {
  switch (ref.kind) {
    case 'rule': {
      if (list !== 'rules') return false;
      const { listenerId, domains, url } = object as Rule;
      return listenerId === ref.listenerId && domains.includes(ref.domain) && url === ref.url;
    }
    case 'recordSet': {
      if (list !== 'records') return false;
      const { zone, subdomain, lineId } = object as DnsRecord;
      return zone === ref.zone && subdomain === ref.subdomain && lineId === ref.lineId;
    }
    case 'loadBalancer': {
      if (list !== 'loadBalancers') return false;
      const { region, name } = object as LoadBalancer;
      return region === ref.region && name === ref.name;
    }
    case 'listener': {
      if (list !== 'listeners') return false;
      const { loadBalancerId, protocol, port } = object as Listener;
      return loadBalancerId === ref.loadBalancerId && protocol === ref.protocol && port === ref.port;
    }
    case 'provisioned': {
      if (list !== 'functions') return false;
      const { region, namespace, name } = object as ScfFunction;
      return region === ref.region && namespace === ref.namespace && name === ref.name;
    }
  }
}
