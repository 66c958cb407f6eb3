import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { describeOutbox } from './outbox.suite.ts';
import { describeQueue } from './queue.suite.ts';
import { describeTableStore } from './table-store.suite.ts';

const make = async () => {
  const clock = new FakeClock();
  return { ...createMemoryPlatform(clock), clock, close: async () => undefined };
};

describeTableStore('memory', make);
describeQueue('memory', make);
describeOutbox('memory', make);
