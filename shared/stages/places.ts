import type { Target } from '../domain/target.ts';

/** Where a message to a target may go: one robot of its pool, or the target itself when it has no pool. */
export interface Place {
  /** The target with the address, the secret and the keywords of that robot; its key is that of the robot. */
  target: Target;
  /** Position in the pool, the first being 1; absent when there is no pool. */
  member?: number;
}

/** Every place of a target, in the order of its pool. */
export const placesOf = (target: Target): Place[] => {
  const { pool, ...rest } = target;
  if (pool === undefined || pool.length === 0) return [{ target }];
  return pool.map(({ key, address, secret, keywords }, index) => ({
    target: { ...rest, key, address, keywords, secret },
    member: index + 1,
  }));
};
