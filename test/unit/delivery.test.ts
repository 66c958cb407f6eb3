import { describe, expect, it } from 'vitest';
import { deliverySchema, withoutDigest } from '../../shared/domain/delivery.ts';

describe('a delivery without its digest', () => {
  it('keeps every other member', () => {
    const named = { id: '', target: '', channel: '', rule: '', language: 'en' } as const;
    const names = Object.keys(deliverySchema.shape).filter((name) => name !== 'digest');
    expect(Object.keys(withoutDigest(named)).sort()).toEqual(names.sort());
  });
});
