import { openTestPlatform } from '../support/local-platform.ts';
import { describeOutbox } from './outbox.suite.ts';
import { describeQueue } from './queue.suite.ts';
import { describeTableStore } from './table-store.suite.ts';

describeTableStore('sqlite', openTestPlatform);
describeQueue('sqlite', openTestPlatform);
describeOutbox('sqlite', openTestPlatform);
