import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimers } from '../../shared/adapters/local/timers.ts';

describe('timers of the process', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const timers = systemTimers({ nowMs: () => Date.now() });
  const scheduleIn = (ms: number) => {
    const call = vi.fn();
    return { call, cancel: timers.schedule(Date.now() + ms, call) };
  };

  it('call once when the instant is reached, and not before', () => {
    const { call } = scheduleIn(1000);
    vi.advanceTimersByTime(999);
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(10_000);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('do not call when cancelled', () => {
    const { call, cancel } = scheduleIn(1000);
    cancel();
    vi.advanceTimersByTime(10_000);
    expect(call).not.toHaveBeenCalled();
  });

  it('reach instants further away than one timer of the process can', () => {
    const monthMs = 31 * 24 * 3_600_000;
    const { call, cancel } = scheduleIn(monthMs);
    const other = scheduleIn(monthMs);
    vi.advanceTimersByTime(monthMs - 1);
    expect(call).not.toHaveBeenCalled();
    other.cancel();
    vi.advanceTimersByTime(1);
    expect(call).toHaveBeenCalledTimes(1);
    expect(other.call).not.toHaveBeenCalled();
    cancel();
  });

  it('call soon for an instant that is past', () => {
    const { call } = scheduleIn(-5000);
    vi.advanceTimersByTime(1);
    expect(call).toHaveBeenCalledTimes(1);
  });
});
