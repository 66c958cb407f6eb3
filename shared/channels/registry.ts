import type { Channel } from './channel.ts';

/** Every channel of this product; the only list. */
export const CHANNELS: readonly Channel[] = [];
