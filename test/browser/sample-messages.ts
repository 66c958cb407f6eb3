import type { SandboxMessage } from '../../shared/local/sandbox/message-log.ts';
import { maskToken } from '../../shared/local/sandbox/message-log.ts';
import type { FakeProvider, SandboxParts } from '../../shared/local/sandbox/provider.ts';

/** A message as a fake provider would record it, with the HTML that it gives. */
export interface Sample {
  provider: string;
  rawTarget: string;
  name: string;
  request: unknown;
  title: string;
  text: string;
  html: string;
  answer: unknown;
  status?: number;
  shown?: boolean;
  repeated?: boolean;
  reset?: boolean;
  idempotencyKey?: string;
  fault?: SandboxMessage['fault'];
}

const NAMES = ['lark', 'wecom', 'slack', 'email', 'sms', 'voice'];

const htmlOf = new WeakMap<SandboxMessage, string>();

const recordOf = (sample: Sample, receivedAtMs: number): Omit<SandboxMessage, 'id'> => {
  const { provider, rawTarget, name, request, title, text, answer, fault } = sample;
  const isMasked = provider !== 'email' && provider !== 'webhook';
  return {
    provider,
    target: isMasked ? maskToken(rawTarget) : rawTarget,
    name,
    receivedAtMs,
    request,
    title,
    text,
    answer: { status: sample.status ?? 200, body: answer, reset: sample.reset ?? false },
    shown: sample.shown ?? true,
    idempotencyKey: sample.idempotencyKey ?? '',
    repeated: sample.repeated ?? false,
    ...(fault === undefined ? {} : { fault }),
  };
};

/** Adds a sample to the log as if it had just been received. */
export const addSample = (parts: SandboxParts, sample: Sample): SandboxMessage => {
  const message = parts.log.add(sample.rawTarget, recordOf(sample, parts.clock.nowMs()));
  htmlOf.set(message, sample.html);
  return message;
};

/** Providers that serve nothing and show the samples. */
export const sampleProviders = (): FakeProvider[] =>
  NAMES.map((name) => ({
    name,
    targetOf: () => undefined,
    serve: () => {
      throw new Error('samples are not sent');
    },
    html: (message) => htmlOf.get(message) ?? '',
  }));

const LARK_OK = { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' };
const WECOM_OK = { errcode: 0, errmsg: 'ok' };

const lark: readonly Sample[] = [
  {
    provider: 'lark',
    rawTarget: '6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d',
    name: '安全响应群',
    title: '紧急：检测到异常登录',
    text: '资产 web-01 (i-bp1ab2cd3ef4gh5ij6kl) 在 203.0.113.77 异常登录',
    request: {
      msg_type: 'interactive',
      card: {
        schema: '2.0',
        config: { update_multi: true },
        header: { title: { tag: 'plain_text', content: '紧急：检测到异常登录' }, template: 'red' },
        body: {
          elements: [
            { tag: 'markdown', content: '**资产** web-01\n**来源** 203.0.113.77（境外）' },
            {
              tag: 'button',
              text: { tag: 'plain_text', content: '查看详情' },
              type: 'primary',
              behaviors: [{ type: 'open_url', default_url: 'https://yundun.console.example.com/alerts/1' }],
            },
          ],
        },
      },
    },
    html: '<div class="lark-card"><header class="lark-header lark-red">紧急：检测到异常登录</header><div class="lark-body"><p><strong>资产</strong> web-01（i-bp1ab2cd3ef4gh5ij6kl）<br><strong>来源</strong> 203.0.113.77（境外）<br><strong>时间</strong> 2026-11-25 22:41:07</p><p>同一来源在 10 分钟内失败 214 次后登录成功，请立即核实并修改密码。</p><hr><p><a class="lark-button lark-primary" href="https://yundun.console.example.com/alerts/1">查看详情</a></p><p class="lark-note">云安全中心 · 华东1（杭州）</p></div></div>',
    answer: LARK_OK,
  },
  {
    provider: 'lark',
    rawTarget: '6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d',
    name: '安全响应群',
    title: 'Baseline: 3 new risks',
    text: 'prod-db-02: weak password policy',
    request: { msg_type: 'post', content: { post: { en_us: { title: 'Baseline: 3 new risks', content: [[]] } } } },
    html: '<div class="lark-post"><h4 class="lark-title">Baseline: 3 new risks</h4><p>prod-db-02: weak password policy</p><p>prod-db-03: root login over SSH is allowed</p><p>web-01: audit log is off <span class="lark-at">@Li Wei</span></p></div>',
    answer: { code: 19024, data: {}, msg: 'Key Words Not Found' },
    shown: false,
  },
];

const wecom: readonly Sample[] = [
  {
    provider: 'wecom',
    rawTarget: '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa',
    name: '值班群 On call',
    title: '',
    text: '实例因系统维护将重启',
    request: {
      msgtype: 'markdown',
      markdown: {
        content:
          '### <font color="warning">紧急</font> 实例因系统维护将重启\n>实例：<font color="comment">web-01</font>\n[查看](https://ecs.console.example.com)',
      },
    },
    html: '<h3><span class="wecom-warning">紧急</span> 实例因系统维护将重启</h3><blockquote>实例：<span class="wecom-comment">web-01 / i-bp1ab2cd3ef4gh5ij6kl</span><br>地域：<span class="wecom-comment">华东1（杭州）</span><br>执行时间：<span class="wecom-info">2026-11-26 02:00</span></blockquote><p><a href="https://ecs.console.example.com/">查看事件</a></p>',
    answer: WECOM_OK,
  },
  {
    provider: 'wecom',
    rawTarget: '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa',
    name: '值班群 On call',
    title: 'Weekly overview',
    text: '128 vulnerabilities',
    request: { msgtype: 'template_card', template_card: { card_type: 'text_notice' } },
    html: '<div class="wecom-card"><p class="wecom-source">Security Center</p><h3 class="wecom-title">Weekly overview</h3><p class="wecom-desc">19 to 25 November</p><p class="wecom-emphasis"><strong>128</strong><br>open vulnerabilities</p><dl class="wecom-list"><dt>Baseline</dt><dd>41 failed checks</dd><dt>CSPM</dt><dd>7 high, 22 medium</dd></dl><p><a class="wecom-jump" href="https://yundun.console.example.com/">Open the report</a></p></div>',
    answer: WECOM_OK,
  },
  {
    provider: 'wecom',
    rawTarget: '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa',
    name: '值班群 On call',
    title: '',
    text: '磁盘 IO 挂起',
    request: { msgtype: 'text', text: { content: '磁盘 IO 挂起', mentioned_list: ['@all'] } },
    html: '<p>严重：磁盘 IO 挂起（prod-db-02）<br><span class="at">@所有人</span></p>',
    answer: { errcode: 45009, errmsg: 'api freq out of limit, hint: [1764110000112233445566778]' },
    shown: false,
  },
];

const slack: readonly Sample[] = [
  {
    provider: 'slack',
    rawTarget: 'T0000001/B0000001/XXXXXXXXXXXXXXXXXXXXXXXX',
    name: '#sec-alerts',
    title: 'AccessKey leaked on GitHub',
    text: 'LTAI5t… of user ci-deploy was found in a public repository',
    request: {
      text: 'AccessKey leaked on GitHub',
      blocks: [{ type: 'header', text: { type: 'plain_text', text: ':rotating_light: AccessKey leaked on GitHub' } }],
    },
    html: '<div class="slack-header">🚨 AccessKey leaked on GitHub</div><div class="slack-section"><p>The key <code>LTAI5t…</code> of RAM user <strong>ci-deploy</strong> was found in a public repository.</p></div><div class="slack-fields"><div class="slack-field"><strong>Level</strong><br>critical</div><div class="slack-field"><strong>Region</strong><br>cn-hangzhou</div><div class="slack-field"><strong>Last used</strong><br>4 minutes ago</div><div class="slack-field"><strong>Policies</strong><br>AliyunOSSFullAccess</div></div><div class="slack-actions"><a class="slack-button slack-danger" href="https://ram.console.example.com/">Disable the key</a> <a class="slack-button" href="https://ram.console.example.com/why">Why this message</a></div><div class="slack-context">Fenghuo · rule <em>accessKeyLeak</em> · event evt_01JD3N7Q4Z</div>',
    answer: 'ok',
  },
  {
    provider: 'slack',
    rawTarget: 'T0000001/B0000001/XXXXXXXXXXXXXXXXXXXXXXXX',
    name: '#sec-alerts',
    title: '41 more alerts',
    text: '3 shown, 41 more',
    request: { text: '41 more alerts', blocks: [] },
    html: '<div class="slack-header">41 more alerts in the last minute</div><div class="slack-section"><ul><li>critical: Reverse shell on web-02</li><li>high: Malicious process on prod-db-02</li><li>high: Unusual login on web-01</li></ul></div><div class="slack-context">3 shown, 41 more · &lt;!channel&gt; stays text</div>',
    answer: 'rate_limited',
    status: 429,
    shown: false,
    fault: { code: '429' },
  },
];

const MAIL_HTML = `<!doctype html><html><head><style>.card{font:15px/1.6 Arial,"Noto Sans CJK SC",sans-serif;max-width:560px;margin:24px auto;border:1px solid #e3e3e3;border-radius:10px;overflow:hidden}.top{background:#c62828;color:#fff;padding:14px 22px;font-size:18px}td{padding:4px 12px 4px 0}</style></head><body style="margin:0;background:#f4f4f6"><div class="card" style="background:#fff"><div class="top">Critical: instance will be rebooted</div><div style="padding:16px 22px"><p>ECS 实例因系统维护将重启，请提前迁移业务。</p><table><tr><td style="color:#777">Instance</td><td>web-01 (i-bp1ab2cd3ef4gh5ij6kl)</td></tr><tr><td style="color:#777">Region</td><td>cn-hangzhou</td></tr><tr><td style="color:#777">When</td><td>2026-11-26 02:00 (UTC+8)</td></tr></table><p><a href="https://ecs.console.example.com/" style="background:#1668dc;color:#fff;padding:8px 18px;border-radius:6px;text-decoration:none">Open the event</a></p></div></div></body></html>`;

const email: readonly Sample[] = [
  {
    provider: 'email',
    rawTarget: 'oncall@example.com',
    name: '',
    title: '[critical] Instance will be rebooted: web-01',
    text: 'ECS 实例因系统维护将重启，请提前迁移业务。',
    request: {
      from: { name: 'Fenghuo', address: 'fenghuo@example.com' },
      to: [{ name: 'On call', address: 'oncall@example.com' }],
      subject: '[critical] Instance will be rebooted: web-01',
      headers: [
        { key: 'Message-ID', value: '<dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB@fenghuo>' },
        { key: 'Auto-Submitted', value: 'auto-generated' },
        { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      ],
      text: 'Critical: instance will be rebooted\n\nECS 实例因系统维护将重启，请提前迁移业务。\n\nInstance: web-01 (i-bp1ab2cd3ef4gh5ij6kl)\nWhen: 2026-11-26 02:00 (UTC+8)\n\nhttps://ecs.console.example.com/',
      html: MAIL_HTML,
    },
    html: '<p>ECS 实例因系统维护将重启，请提前迁移业务。</p>',
    answer: '250 2.0.0 Ok: queued as 4F2A1',
    status: 250,
    idempotencyKey: '<dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB@fenghuo>',
  },
  {
    provider: 'email',
    rawTarget: 'oncall@example.com',
    name: '',
    title: '【周报】云安全中心概览',
    text: '基线 41 项未通过，CSPM 高危 7 项，漏洞 128 个。',
    request: {
      from: 'fenghuo@example.com',
      to: ['oncall@example.com'],
      subject: '【周报】云安全中心概览',
      headers: {},
      text: '基线 41 项未通过\nCSPM 高危 7 项\n漏洞 128 个',
    },
    html: '',
    answer: '451 DT:SPM please try again in 2 minutes',
    status: 451,
    shown: false,
  },
];

const phone: readonly Sample[] = [
  {
    provider: 'sms',
    rawTarget: '+8613800001234',
    name: '',
    title: '烽火通知',
    text: '【烽火通知】严重告警：web-01 检测到异常登录，来源 203.0.113.77，请尽快处理。',
    request: {
      PhoneNumbers: '13800001234',
      SignName: '烽火通知',
      TemplateCode: 'SMS_480000001',
      TemplateParam: '{"level":"严重","name":"web-01 检测到异常登录"}',
      OutId: 'dlv_01JD3N7Q',
    },
    html: '<p>【烽火通知】严重告警：web-01 检测到异常登录，来源 203.0.113.77，请尽快处理。</p>',
    answer: { Code: 'OK', Message: 'OK', BizId: '900619746936498440^0', RequestId: 'F655A8D5-B967-440B-8683' },
    idempotencyKey: 'dlv_01JD3N7Q',
  },
  {
    provider: 'sms',
    rawTarget: '+8613800001234',
    name: '',
    title: '烽火通知',
    text: '【烽火通知】紧急告警：实例 prod-db-02 磁盘挂起，另有 41 条。',
    request: { PhoneNumbers: '13800001234', SignName: '烽火通知', TemplateCode: 'SMS_480000001', TemplateParam: '{}' },
    html: '<p>【烽火通知】紧急告警：实例 prod-db-02 磁盘挂起，另有 41 条。</p>',
    answer: { Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发分钟级流控Permits:1', RequestId: 'A0B1' },
    shown: false,
  },
  {
    provider: 'voice',
    rawTarget: '+8613800001234',
    name: '',
    title: '',
    text: '您好，您的云服务器 web-01 检测到异常登录，请立即登录控制台处理。',
    request: { CalledNumber: '13800001234', TtsCode: 'TTS_480000001', TtsParam: '{"name":"web-01"}', PlayTimes: 2 },
    html: '<p>您好，您的云服务器 web-01 检测到异常登录，请立即登录控制台处理。</p>',
    answer: { Code: 'OK', Message: 'OK', CallId: '116012354148^102281', RequestId: 'D9CB' },
  },
  {
    provider: 'voice',
    rawTarget: '+8613800001234',
    name: '',
    title: '',
    text: 'Hello, your instance prod-db-02 has a suspended disk.',
    request: { CalledNumber: '13800001234', TtsCode: 'TTS_480000002', TtsParam: '{"name":"prod-db-02"}', PlayTimes: 2 },
    html: '<p>Hello, your instance prod-db-02 has a suspended disk.</p>',
    answer: { Code: 'isv.VOICE_CALL_FAIL', Message: 'call failed', RequestId: 'D9CC' },
    shown: false,
    fault: { latencyMs: 1200 },
  },
];

/** One or more messages of each provider that is not called in these tests. */
export const SAMPLES: readonly Sample[] = [...lark, ...wecom, ...slack, ...email, ...phone];

/** A DingTalk message as the chain writes it. */
export const DING_ALERT = {
  msgtype: 'markdown',
  markdown: {
    title: '紧急：ECS 实例因系统维护将重启',
    text: '#### 紧急：ECS 实例因系统维护将重启\n\n**实例** web-01 (i-bp1ab2cd3ef4gh5ij6kl)\n\n**地域** 华东1（杭州）\n\n**执行时间** 2026-11-26 02:00\n\n> 请提前迁移业务，或在控制台选择其他时间。\n\n[查看事件](https://ecs.console.example.com/) @13800000000',
  },
  at: { atMobiles: ['13800000000'] },
  msgUuid: 'dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB',
};

/** A merged DingTalk message. */
export const DING_DIGEST = {
  msgtype: 'markdown',
  markdown: {
    title: '44 security alerts in one minute',
    text: '#### 44 security alerts in one minute\n\n- **critical** Reverse shell on web-02\n- **high** Malicious process on prod-db-02\n- **high** Unusual login on web-01\n\n3 shown, 41 more. [Show all](https://fenghuo.example.com/?delivery=dlv_1)',
  },
  msgUuid: 'dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AC',
};

/** A body of our own webhook format. */
export const WEBHOOK_EVENT = {
  type: 'fenghuo.alert',
  timestamp: '2026-11-25T14:41:07Z',
  data: {
    digest: {
      total: 1,
      top: [{ level: 'critical', title: { en: 'Reverse shell' }, resource: { id: 'i-bp1ab2cd3ef4gh5ij6kl' } }],
    },
  },
};
