// What we use of @alicloud/fc2 2.6.6, which has no types of its own. Source: its lib/client.js.
declare module '@alicloud/fc2' {
  interface ClientConfig {
    accessKeyID: string;
    accessKeySecret: string;
    securityToken?: string;
    region: string;
    endpoint?: string;
    /** Milliseconds to connect, and as much again to read. */
    timeout?: number;
  }
  class FcClient {
    constructor(accountId: string, config: ClientConfig);
    /** Of the API; `2016-08-15` unless it is set. */
    version: string;
    securityToken?: string;
    post(
      path: string,
      body: Buffer,
      headers: Record<string, string>,
      query?: Record<string, string>,
    ): Promise<{ headers: Record<string, string | undefined>; data: unknown }>;
  }
  export default FcClient;
}
