/** Product words of CloudMonitor that the benchmark's events take turns with. */
const PRODUCTS = [
  'ECS',
  'RDS',
  'SLB',
  'OSS',
  'Redis',
  'MongoDB',
  'WAF',
  'ESS',
  'ROS',
  'OOS',
  'VPC',
  'CDN',
  'KMS',
  'EIP',
  'NAS',
  'DTS',
  'PolarDB',
  'Kafka',
  'HBase',
  'DBS',
] as const;

const ACCOUNT = '1266108300447215';
const NUMBER_LENGTH = 9;
/** Fill both forms up to about 1,020 bytes, so that equal bytes are compared. */
const NOTE_LENGTH = 445;
const ANNOTATION_LENGTH = 745;

/** Stands in front of the event's number wherever the event is told; the sink knows an event by it, whatever the format. */
const MARKER = 'i-fh';

/** Product and type: what a subscription asks for and what tells one lane of a storm from another. */
export interface Kind {
  product: string;
  type: string;
}

/** The kind of that number; different numbers give different kinds. */
export const kindOf = (index: number): Kind => ({
  product: PRODUCTS[index % PRODUCTS.length] ?? 'ECS',
  type: `Exception-${Math.floor(index / PRODUCTS.length)}`,
});

/** Name of the resource that event number `n` happened to. */
const resourceOf = (n: number): string => MARKER + String(n).padStart(NUMBER_LENGTH, '0');

/** Number of the event that this body tells first; -1 when it tells none. An id may hold the marker by chance, without a number behind. */
export const numberIn = (body: Buffer): number => {
  for (let at = body.indexOf(MARKER); at !== -1; at = body.indexOf(MARKER, at + 1)) {
    const digits = body.toString('latin1', at + MARKER.length, at + MARKER.length + NUMBER_LENGTH);
    if (/^\d{9}$/.test(digits)) return Number(digits);
  }
  return -1;
};

const vendorTime = (atMs: number): string => new Date(atMs).toISOString().replace(/[-:]/g, '').replace('Z', '+0000');

const pad = (n: number, length: number): string => {
  const word = `node ${n % 97} reported an input and output error on its system volume; `;
  return word.repeat(Math.ceil(length / word.length)).slice(0, length);
};

/** One CloudMonitor system event of about 1 KB as JSON text; unique id, resource and time for each number. */
export const cloudMonitorEvent = (n: number, kind: Kind, atMs: number): string => {
  const resource = resourceOf(n);
  const id = n.toString(16).toUpperCase().padStart(12, '0');
  return JSON.stringify({
    ver: '1.0',
    id: `5B0C41E7-2F9A-4D11-9C3E-${id}`,
    product: kind.product,
    resourceId: `acs:${kind.product.toLowerCase()}:cn-hangzhou:${ACCOUNT}:instance/${resource}`,
    level: n % 2 === 0 ? 'CRITICAL' : 'WARN',
    name: 'Instance:SystemFailure.Reboot:Executing',
    eventType: kind.type,
    userId: ACCOUNT,
    instanceName: `web-${n % 512}`,
    eventTime: vendorTime(atMs),
    regionId: 'cn-hangzhou',
    content: {
      eventId: `e-${resource}`,
      instanceId: resource,
      eventType: 'SystemFailure.Reboot',
      eventStatus: 'Executing',
      publishTime: new Date(atMs).toISOString(),
      notBefore: new Date(atMs).toISOString(),
      reason: pad(n, NOTE_LENGTH),
    },
  });
};

/** The same event as an alert of Alertmanager's API: eight labels and one annotation, about 1 KB. */
export const alertmanagerAlert = (n: number, kind: Kind, atMs: number): string =>
  JSON.stringify({
    labels: {
      alertname: 'Instance:SystemFailure.Reboot',
      resource: resourceOf(n),
      product: kind.product,
      type: kind.type,
      level: n % 2 === 0 ? 'CRITICAL' : 'WARN',
      region: 'cn-hangzhou',
      account: ACCOUNT,
      instance: `web-${n % 512}`,
    },
    annotations: { reason: pad(n, ANNOTATION_LENGTH) },
    startsAt: new Date(atMs).toISOString(),
  });
