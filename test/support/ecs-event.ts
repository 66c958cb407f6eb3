/** A state change of instance `i-<n>` as CloudMonitor sends it, with an id of its own. */
export const ecsEvent = (n: number, more: object = {}) => ({
  id: `ID-${n}`,
  product: 'ECS',
  name: 'Instance:StateChange',
  level: 'INFO',
  resourceId: `acs:ecs:cn-hangzhou:135:instance/i-${n}`,
  eventTime: '20260311T101112.250+0800',
  content: { state: 'Stopped' },
  ...more,
});
