import { describe, expect, it } from 'vitest';
import { cronProblem } from '../../shared/deployment/cron.ts';

describe('the expression of a timer', () => {
  it.each([
    'CRON_TZ=Asia/Shanghai 0 0 9 * * THU',
    'CRON_TZ=Asia/Shanghai 0 */5 * * * *',
    'CRON_TZ=UTC 0 0 0 1,15 JAN-MAR ?',
    'CRON_TZ=Europe/Berlin 30 10-20/5 8 * 12 MON-FRI',
    '@every 5m',
    '@every 1h',
  ])('may be %s', (expression) => {
    expect(cronProblem(expression)).toBeUndefined();
  });

  it.each([
    ['0 0 9 * * THU', /time zone/],
    ['CRON_TZ=Asia/Shangai 0 0 9 * * THU', /Asia\/Shangai does not exist/],
    ['CRON_TZ=Asia/Shanghai 0 9 * * THU', /has 5 fields/],
    ['CRON_TZ=Asia/Shanghai 0 0 9 * * * 2027', /has 7 fields/],
    ['CRON_TZ=Asia/Shanghai 60 0 9 * * *', /second is 60/],
    ['CRON_TZ=Asia/Shanghai 0 0 24 * * *', /hour is 24/],
    ['CRON_TZ=Asia/Shanghai 0 0 9 0 * *', /day of month is 0/],
    ['CRON_TZ=Asia/Shanghai 0 0 9 * 13 *', /month is 13/],
    ['CRON_TZ=Asia/Shanghai 0 0 9 * * DON', /day of week is DON/],
    ['CRON_TZ=Asia/Shanghai 0 20-10 * * * *', /minute is 20-10/],
    ['CRON_TZ=Asia/Shanghai 0 */0 * * * *', /minute/],
    ['CRON_TZ=Asia/Shanghai 0 1//2 * * * *', /minute/],
    ['CRON_TZ=Asia/Shanghai  0 0 9 * * *', /fields|time zone/],
    ['@every 0m', /time zone/],
    ['@every 5 minutes', /time zone/],
    ['', /time zone/],
  ])('may not be %j', (expression, words) => {
    expect(cronProblem(expression)).toMatch(words);
  });
});
