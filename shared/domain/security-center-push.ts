import { durationMs } from './duration.ts';
import type { Event } from './event.ts';
import { belongingOf, isOfSecurityCenter, type PushPart, typesOfPush } from './security-center.ts';
import type { CloudMonitorPush, PushItem, Settings } from './settings.ts';

/** What a switch of the push lets through. */
interface Switch {
  details: boolean;
  overview: boolean;
  /** Least time between two messages of details to one target; 0 is the "No limit" of seed document 001. */
  everyMs: number;
}

/** What the push does with one event. */
export interface PushVerdict {
  item: PushItem;
  part: PushPart;
  isOn: boolean;
  everyMs: number;
}

/** The switches of a file. */
export interface Push {
  /** What they do with an event; undefined for one that they do not govern. */
  verdictOn(event: Event): PushVerdict | undefined;
  /** Whether a part of an item is pushed. */
  isOn(part: Pick<PushVerdict, 'item' | 'part'>): boolean;
}

const PARTS = ['details', 'overview'] as const;

/**
 * Ticking a part that the item has chooses it: where one is `true`, one that is left out is off. Where none is `true`, what is not `false` is on. So an
 * item that stands there for its `every` alone flows, as does one that is left out.
 */
const switchOf = (item: PushItem, written: CloudMonitorPush[PushItem]): Switch => {
  const types = typesOfPush(item);
  const chosen = PARTS.some((part) => types[part] !== undefined && written?.[part] === true);
  const isOn = (part: PushPart): boolean => written?.[part] ?? !chosen;
  const everyMs = written?.every === undefined ? 0 : (durationMs(written.every) ?? 0);
  return { details: isOn('details'), overview: isOn('overview'), everyMs };
};

/** Which of the two centres a region belongs to; undefined for a word that is not the id of a region. */
const centreOf = (region: string): 'mainland' | 'outside' | undefined => {
  if (!/^[a-z]{2}-[a-z]/.test(region)) return undefined;
  // Hong Kong is served from Singapore. Source: endpoints of the Security Center API, version 2018-12-03.
  return region.startsWith('cn-') && region !== 'cn-hongkong' ? 'mainland' : 'outside';
};

/**
 * The CloudMonitor push of a file; undefined when it has none, and then everything flows. Switches belong to the centre that
 * `region` names: they do not govern events from regions of the other one.
 */
export const compilePush = ({ securityCenter = {} }: Settings): Push | undefined => {
  const { cloudMonitorPush: written, region } = securityCenter;
  if (written === undefined) return undefined;
  const switches = new Map<PushItem, Switch>();
  const of = (item: PushItem): Switch => {
    const known = switches.get(item) ?? switchOf(item, written[item]);
    switches.set(item, known);
    return known;
  };
  const isElsewhere = (event: Event): boolean => {
    const centre = centreOf(event.region);
    return region !== undefined && centre !== undefined && centre !== region;
  };
  return {
    isOn: ({ item, part }) => of(item)[part],
    verdictOn: (event) => {
      if (!isOfSecurityCenter(event)) return undefined;
      const { push } = belongingOf(event);
      if (push === undefined || isElsewhere(event)) return undefined;
      const { everyMs, ...parts } = of(push.item);
      return { ...push, isOn: parts[push.part], everyMs: push.part === 'details' ? everyMs : 0 };
    },
  };
};
