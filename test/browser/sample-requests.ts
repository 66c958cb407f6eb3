/** Bodies as senders post them to each provider, and where. */
export interface SampleRequest {
  path: string;
  body: unknown;
}

/** A DingTalk message in Chinese, with a mention. */
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

/** A body of our own webhook format, shortened. */
export const WEBHOOK_EVENT = {
  type: 'fenghuo.alert',
  timestamp: '2026-11-25T14:41:07Z',
  data: { digest: { total: 1, top: [{ level: 'critical', title: { en: 'Reverse shell' }, resource: { id: 'i-1' } }] } },
};

const text = (content: string) => ({ tag: 'plain_text', content });

const LARK = '/sandbox/lark/open-apis/bot/v2/hook/6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d';
const WECOM = '/sandbox/wecom/cgi-bin/webhook/send?key=693a91f6-7a1b-4bc4-97a0-0ec2f1fa5aaa';
const SLACK = '/sandbox/slack/services/T0000001/B0000001/abcdefghijklmnopqrstuvwx';

const larkCard = {
  msg_type: 'interactive',
  card: {
    schema: '2.0',
    config: { update_multi: true },
    header: { title: text('紧急：检测到异常登录'), template: 'red' },
    body: {
      elements: [
        {
          tag: 'markdown',
          content: "**资产** web-01（i-bp1ab2cd3ef4gh5ij6kl）\n**来源** <font color='red'>203.0.113.77</font>（境外）",
        },
        { tag: 'hr' },
        { tag: 'markdown', content: '10 分钟内失败 214 次后登录成功，请立即核实。<at id=all></at>' },
        {
          tag: 'button',
          text: text('查看详情'),
          type: 'primary',
          behaviors: [{ type: 'open_url', default_url: 'https://yundun.console.example.com/alerts/1' }],
        },
      ],
    },
  },
};

const larkOldCard = {
  msg_type: 'interactive',
  card: {
    config: { wide_screen_mode: true },
    header: { title: text('Recovered: disk of prod-db-02 answers again'), template: 'green' },
    elements: [
      {
        tag: 'div',
        fields: [
          { is_short: true, text: { tag: 'lark_md', content: '**Instance**\nprod-db-02' } },
          { is_short: true, text: { tag: 'lark_md', content: '**Region**\ncn-hangzhou' } },
        ],
      },
      { tag: 'note', elements: [text('Fenghuo · rule disk-events')] },
    ],
  },
};

const larkPost = {
  msg_type: 'post',
  content: {
    post: {
      en_us: {
        title: 'Baseline: 3 new risks',
        content: [
          [{ tag: 'text', text: 'prod-db-02: weak password policy' }],
          [
            { tag: 'text', text: 'web-01: audit log is off. ' },
            { tag: 'a', text: 'Open', href: 'https://a.example.com/' },
          ],
        ],
      },
    },
  },
};

const wecomMarkdown = {
  msgtype: 'markdown',
  markdown: {
    content:
      '### <font color="warning">紧急</font> 实例因系统维护将重启\n>实例：<font color="comment">web-01</font>\n>执行时间：<font color="info">2026-11-26 02:00</font>\n[查看事件](https://ecs.console.example.com/) <@zhangsan>',
  },
};

const wecomCard = {
  msgtype: 'template_card',
  template_card: {
    card_type: 'text_notice',
    source: { desc: 'Security Center', desc_color: 2 },
    main_title: { title: 'Weekly overview', desc: '19 to 25 November' },
    emphasis_content: { title: '128', desc: 'open vulnerabilities' },
    horizontal_content_list: [
      { keyname: 'Baseline', value: '41 failed checks' },
      { keyname: 'CSPM', value: '7 high, 22 medium' },
    ],
    jump_list: [{ type: 1, title: 'Open the report', url: 'https://yundun.console.example.com/' }],
    card_action: { type: 1, url: 'https://yundun.console.example.com/' },
  },
};

const wecomText = {
  msgtype: 'text',
  text: { content: '严重：磁盘 IO 挂起（prod-db-02）', mentioned_list: ['@all'] },
};

const slackBlocks = {
  text: 'AccessKey leaked on GitHub',
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: '🚨 AccessKey leaked on GitHub' } },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: 'The key `LTAI5t…` of RAM user *ci-deploy* was found in a public repository.' },
    },
    {
      type: 'section',
      fields: [
        { type: 'mrkdwn', text: '*Level*\ncritical' },
        { type: 'mrkdwn', text: '*Last used*\n4 minutes ago' },
      ],
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: { type: 'plain_text', text: 'Disable the key' },
          url: 'https://ram.console.example.com/',
        },
      ],
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'rule _accessKeyLeak_ · &lt;!channel&gt; stays text' }] },
  ],
};

/** Messages of other senders than ours, in every form that the chats know. */
export const SAMPLE_REQUESTS: readonly SampleRequest[] = [
  { path: LARK, body: larkOldCard },
  { path: LARK, body: larkPost },
  { path: LARK, body: larkCard },
  { path: LARK, body: { msg_type: 'video' } },
  { path: WECOM, body: wecomMarkdown },
  { path: WECOM, body: wecomCard },
  { path: WECOM, body: wecomText },
  { path: SLACK, body: slackBlocks },
  { path: SLACK, body: { blocks: [] } },
  { path: '/sandbox/webhook/tickets', body: WEBHOOK_EVENT },
];
