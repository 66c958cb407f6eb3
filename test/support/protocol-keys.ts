/** Who calls a service, with the temporary token of a role. */
interface ProtocolKey {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
}

/** Secret and token of an access key; undefined when nobody has it, or not any more. */
export type KeyLookup = (accessKeyId: string) => Omit<ProtocolKey, 'accessKeyId'> | undefined;

/** Knows one key. */
export const onlyKey =
  (key: ProtocolKey): KeyLookup =>
  (accessKeyId) =>
    accessKeyId === key.accessKeyId ? key : undefined;
